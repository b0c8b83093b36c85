import { describe, expect, it } from 'vitest';
import {
  verdictOfFence,
  verdictOfPost,
  verdictOfStart,
  type PostAnswer,
  type PostObservation,
} from './deploy-outcome.js';

const answered = (
  status: number,
  rest: Partial<Extract<PostAnswer, { kind: 'answered' }>> = {},
): PostAnswer => ({
  kind: 'answered',
  status,
  rev: null,
  code: null,
  bearerChallenge: false,
  ...rest,
});
const mismatch = answered(409, { code: 'version_mismatch' });
const seen = (rest: Partial<PostObservation>): PostObservation => ({
  answer: { kind: 'lost' },
  baseRev: 'base',
  expectedRev: 'expected',
  currentRev: null,
  markerInCurrent: false,
  deaths: 0,
  logins: 0,
  ...rest,
});

describe('one POST of flows', () => {
  it.each<[string, Partial<PostObservation>, ReturnType<typeof verdictOfPost>]>([
    ['200 with the expected rev', { answer: answered(200, { rev: 'expected' }) }, { kind: 'saved' }],
    ['200 without rev, not read yet', { answer: answered(200) }, { kind: 'readBack' }],
    [
      '200 without rev, the expected one is read',
      { answer: answered(200), currentRev: 'expected' },
      { kind: 'saved' },
    ],
    [
      '200 without rev, still the base',
      { answer: answered(200), currentRev: 'base' },
      { kind: 'sendAgain', reason: 'unknown' },
    ],
    [
      '200 with another rev, a third one is read',
      { answer: answered(200, { rev: 'odd' }), currentRev: 'odd' },
      { kind: 'conflict', oursLanded: false },
    ],
    ['409, not read yet', { answer: mismatch }, { kind: 'readBack' }],
    [
      '409, the expected rev is there: an earlier attempt landed',
      { answer: mismatch, currentRev: 'expected' },
      { kind: 'saved' },
    ],
    [
      '409, somebody else deployed',
      { answer: mismatch, currentRev: 'theirs' },
      { kind: 'conflict', oursLanded: false },
    ],
    [
      '409, somebody else deployed on top of ours',
      { answer: mismatch, currentRev: 'theirs', markerInCurrent: true },
      { kind: 'conflict', oursLanded: true },
    ],
    ['409 of a proxy', { answer: answered(409) }, { kind: 'sendAgain', reason: 'unknown' }],
    [
      '400',
      { answer: answered(400, { code: 'unexpected_error' }) },
      { kind: 'rejected', status: 400, reloadCredentials: false },
    ],
    [
      '400 that emptied the credential store',
      { answer: answered(400, { code: 'credentials_load_failed' }) },
      { kind: 'rejected', status: 400, reloadCredentials: true },
    ],
    ['413 HTML', { answer: answered(413) }, { kind: 'rejected', status: 413, reloadCredentials: false }],
    ['415 HTML', { answer: answered(415) }, { kind: 'rejected', status: 415, reloadCredentials: false }],
    [
      '404 HTML: wrong admin root',
      { answer: answered(404) },
      { kind: 'rejected', status: 404, reloadCredentials: false },
    ],
    [
      '401 with the bearer challenge',
      { answer: answered(401, { bearerChallenge: true }) },
      { kind: 'logInAndSendAgain' },
    ],
    [
      '401 again after a login',
      { answer: answered(401, { bearerChallenge: true }), logins: 1 },
      { kind: 'forbidden' },
    ],
    ['401 without a challenge: a permission is missing', { answer: answered(401) }, { kind: 'forbidden' }],
    ['403', { answer: answered(403) }, { kind: 'forbidden' }],
    ['reset, timeout, cut body', { answer: { kind: 'lost' } }, { kind: 'sendAgain', reason: 'unknown' }],
    [
      'lost while rev is the base: a zombie may still land',
      { answer: { kind: 'lost' }, currentRev: 'base' },
      { kind: 'sendAgain', reason: 'unknown' },
    ],
    ['502 HTML', { answer: answered(502) }, { kind: 'sendAgain', reason: 'unknown' }],
    ['503', { answer: answered(503) }, { kind: 'sendAgain', reason: 'unknown' }],
    ['504', { answer: answered(504) }, { kind: 'sendAgain', reason: 'unknown' }],
    ['429 of a proxy', { answer: answered(429) }, { kind: 'sendAgain', reason: 'unknown' }],
    [
      'refused after a reset: poison or a restart',
      { answer: { kind: 'refused' }, deaths: 1 },
      { kind: 'sendAgain', reason: 'restarting' },
    ],
    [
      'dead a second time under the same POST',
      { answer: { kind: 'refused' }, deaths: 2 },
      { kind: 'poison' },
    ],
  ])('%s', (_, observation, verdict) => {
    expect(verdictOfPost(seen(observation))).toEqual(verdict);
  });
});

describe('a fence', () => {
  const fence = (rest: Partial<PostObservation>): PostObservation => seen({ expectedRev: 'fence', ...rest });
  it.each<[string, Partial<PostObservation>, ReturnType<typeof verdictOfFence>]>([
    ['is saved', { answer: answered(200, { rev: 'fence' }) }, { kind: 'stopped' }],
    ['had landed by an earlier attempt', { answer: mismatch, currentRev: 'fence' }, { kind: 'stopped' }],
    ['comes too late: the zombie landed', { answer: mismatch, currentRev: 'deploy' }, { kind: 'landed' }],
    [
      'comes too late: others deployed',
      { answer: mismatch, currentRev: 'theirs' },
      { kind: 'overtaken', oursLanded: false },
    ],
    [
      'comes too late: others deployed on ours',
      { answer: mismatch, currentRev: 'theirs', markerInCurrent: true },
      { kind: 'overtaken', oursLanded: true },
    ],
    ['is lost itself', {}, { kind: 'unclear', verdict: { kind: 'sendAgain', reason: 'unknown' } }],
  ])('%s', (_, observation, verdict) => {
    expect(verdictOfFence(fence(observation), 'deploy')).toEqual(verdict);
  });
});

describe('the start after a deploy', () => {
  const start = { expectedRev: 'expected', currentRev: 'expected', notLive: [], waitedMs: 0, silentMs: 0 };
  it.each<[string, Partial<Parameters<typeof verdictOfStart>[0]>, ReturnType<typeof verdictOfStart>]>([
    ['all nodes live', {}, { kind: 'running' }],
    ['some not yet', { notLive: ['a'], waitedMs: 119_999 }, { kind: 'wait' }],
    ['some never', { notLive: ['a'], waitedMs: 120_000 }, { kind: 'notAlive', nodeIds: ['a'] }],
    ['another revision', { currentRev: 'theirs', notLive: ['a'] }, { kind: 'superseded' }],
    ['no answer yet: a constructor blocks', { currentRev: null, silentMs: 59_999 }, { kind: 'wait' }],
    ['no answer for a minute', { currentRev: null, silentMs: 60_000 }, { kind: 'hung' }],
  ])('%s', (_, observation, verdict) => {
    expect(verdictOfStart({ ...start, ...observation })).toEqual(verdict);
  });
});
