import { readFileSync } from 'node:fs';
import { readFlows } from '../../domain/flows/read-flows.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { inRepository } from './child.js';

/** The real exports under test/fixtures: how many of their nodes live, and the types that a stock Node-RED lacks. */
export const realFlows = {
  'core-link-across-tabs': { live: 10, stubTypes: [] },
  'core-link-call': { live: 19, stubTypes: [] },
  'modbus-http': {
    live: 42,
    stubTypes: [
      'modbus-getter',
      'modbus-response',
      'modbus-flex-getter',
      'modbus-flex-write',
      'modbus-write',
      'modbus-server',
      'modbus-client',
    ],
  },
  'victron-phase-imbalance': { live: 12, stubTypes: ['victron-input-custom'] },
  'balena-iot-gateway': {
    live: 73,
    stubTypes: [
      'ui_group',
      'ui_tab',
      'ui_list',
      'ui_template',
      'ui_gauge',
      'ui_button',
      'ui_text_input',
      'ui_dropdown',
      'ui_slider',
      'ui_colour_picker',
      'fs-ops-dir',
      'config',
    ],
  },
} as const;

export type RealFlow = keyof typeof realFlows;
export const realFlowNames = Object.keys(realFlows) as RealFlow[];

export const realFlowText = (name: RealFlow): string =>
  readFileSync(inRepository(`test/fixtures/node-red-flows/${name}.json`), 'utf8');

/** The export as an artefact: missing tabs are supplied. */
export function realFlow(name: RealFlow): readonly FlowNode[] {
  const read = readFlows(realFlowText(name));
  if (read.kind !== 'flows') throw new Error(`${name} cannot be read.`);
  return read.flows;
}
