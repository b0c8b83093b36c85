import { expect, test } from 'vitest';
import { defaultKnobs, turnKnobs } from './knobs.js';
import { Throttle } from './throttle.js';

function scene(gapScale = 1) {
  let nowMs = 0;
  const throttle = new Throttle({ nowMs: () => nowMs });
  let rules = defaultKnobs('sandbox', gapScale).throttle;
  return {
    at: (ms: number, procedure: string, clientId = 'a') => {
      nowMs = ms;
      return throttle.admit({ clientId, procedure }, rules);
    },
    turn: (change: object) => {
      rules = turnKnobs(defaultKnobs('sandbox', gapScale), { throttle: change }).throttle;
    },
  };
}

test('SetAppointment and GetOnlineReservations need 10 s, SetPatient and cancels 5 s, other procedures 1 s', () => {
  for (const [procedure, gapMs] of [
    ['SetAppointment', 10_000],
    ['GetOnlineReservations', 10_000],
    ['SetPatient', 5_000],
    ['SetAppointmentStatusCanceled', 5_000],
    ['GetLocations', 1_000],
  ] as const) {
    const { at } = scene();
    expect(at(0, procedure)).toBe(true);
    expect(at(gapMs * 0.89, procedure)).toBe(false);
    expect(at(gapMs, procedure)).toBe(true);
  }
});

test('budgets are per client and per procedure', () => {
  const { at } = scene();
  expect([
    at(0, 'SetPatient'),
    at(1, 'SetPatient', 'b'),
    at(2, 'SetAppointment'),
    at(3, 'SetPatient'),
  ]).toEqual([true, true, true, false]);
});

test('a throttled call does not start the gap anew, unless the knob says so', () => {
  const { at, turn } = scene();
  expect([at(0, 'SetPatient'), at(4_000, 'SetPatient'), at(5_000, 'SetPatient')]).toEqual([
    true,
    false,
    true,
  ]);
  turn({ throttledCallsCount: true });
  expect([at(9_000, 'SetPatient'), at(10_000, 'SetPatient')]).toEqual([false, false]);
});

test('the scale shortens the gaps and zero lifts them', () => {
  const fast = scene(0.1);
  expect([fast.at(0, 'SetPatient'), fast.at(300, 'SetPatient'), fast.at(500, 'SetPatient')]).toEqual([
    true,
    false,
    true,
  ]);
  const free = scene(0);
  expect([free.at(0, 'SetPatient'), free.at(0, 'SetPatient')]).toEqual([true, true]);
});

test('counting mode admits so many calls in a window', () => {
  const { at, turn } = scene();
  turn({ mode: 'count', callsPerWindow: 2, windowMs: 1_000 });
  expect([at(0, 'X'), at(1, 'X'), at(2, 'X'), at(1_001, 'X')]).toEqual([true, true, false, true]);
});
