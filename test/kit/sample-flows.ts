import type { FlowNode } from '../../domain/flows/flow-node.js';

/** A tab whose nodes count in global context how often they were started and stopped. */
export function countingTab(tabId: string, more: Readonly<Record<string, unknown>> = {}): FlowNode[] {
  const counter = (what: string): string =>
    `const n = 'n_${tabId}_${what}'; global.set(n, (global.get(n) || 0) + 1);`;
  return [
    { id: tabId, type: 'tab', label: `Tab ${tabId}`, disabled: false, info: '', env: [], ...more },
    {
      id: `${tabId}-f`,
      type: 'function',
      z: tabId,
      name: 'counts',
      func: 'return msg;',
      outputs: 1,
      timeout: 0,
      noerr: 0,
      initialize: counter('starts'),
      finalize: counter('stops'),
      libs: [],
      x: 200,
      y: 100,
      wires: [[]],
    },
  ];
}

/** A tab that answers `GET <path>` with a text. */
export const answeringTab = (tabId: string, path: string, text: string): FlowNode[] => [
  { id: tabId, type: 'tab', label: `Tab ${tabId}`, disabled: false, info: '', env: [] },
  {
    id: `${tabId}-in`,
    type: 'http in',
    z: tabId,
    name: '',
    url: path,
    method: 'get',
    upload: false,
    swaggerDoc: '',
    x: 100,
    y: 100,
    wires: [[`${tabId}-t`]],
  },
  {
    id: `${tabId}-t`,
    type: 'template',
    z: tabId,
    name: '',
    field: 'payload',
    fieldType: 'msg',
    format: 'handlebars',
    syntax: 'plain',
    template: text,
    output: 'str',
    x: 300,
    y: 100,
    wires: [[`${tabId}-out`]],
  },
  {
    id: `${tabId}-out`,
    type: 'http response',
    z: tabId,
    name: '',
    statusCode: '',
    headers: {},
    x: 500,
    y: 100,
    wires: [],
  },
];

/** A tab with a node whose constructor throws: it is accepted and never lives. */
export const brokenTab = (tabId: string): FlowNode[] => [
  { id: tabId, type: 'tab', label: `Tab ${tabId}`, disabled: false, info: '', env: [] },
  { id: `${tabId}-t`, type: 'thrower', z: tabId, name: '', x: 100, y: 100, wires: [[]] },
];

/** A tab with one node of a type of the kit's palette. */
export const tabWith = (tabId: string, type: string): FlowNode[] => [
  { id: tabId, type: 'tab', label: `Tab ${tabId}`, disabled: false, info: '', env: [] },
  { id: `${tabId}-n`, type, z: tabId, name: '', x: 100, y: 100, wires: [[]] },
];

/** A tab with a node that takes credentials (stub type `keeper`). */
export const secretTab = (tabId: string): FlowNode[] => [
  { id: tabId, type: 'tab', label: `Tab ${tabId}`, disabled: false, info: '', env: [] },
  { id: `${tabId}-k`, type: 'keeper', z: tabId, name: '', x: 100, y: 100, wires: [[]] },
];

/** A tab with a node that never finishes its close: the answer to a deploy that stops it waits for the time limit of closes. */
export const stuckTab = (tabId: string): FlowNode[] => [
  { id: tabId, type: 'tab', label: `Tab ${tabId}`, disabled: false, info: '', env: [] },
  { id: `${tabId}-s`, type: 'stuck', z: tabId, name: '', x: 100, y: 100, wires: [[]] },
];
