import { expect, it } from 'vitest';
import { markerOf, withMarker, withoutMarker } from './deploy-marker.js';

const flows = [{ id: 't', type: 'tab', label: 'T' }];
const marker = { deploymentId: 'd-1', sequence: 2 };

it('carries its deployment and sequence, in one tab, always with the same bytes', () => {
  const marked = withMarker(flows, marker);
  expect(markerOf(marked)).toEqual(marker);
  expect(JSON.stringify(withMarker(marked, marker))).toBe(JSON.stringify(marked));
  expect(withMarker(marked, { ...marker, sequence: 3 })).toHaveLength(2);
  expect(withoutMarker(marked)).toEqual(flows);
});

it('reads nothing from flows without one, nor from one that somebody changed', () => {
  expect(markerOf(flows)).toBeNull();
  const [tab, ours] = withMarker(flows, marker);
  expect(markerOf([tab!, { ...ours!, info: 'mine now' }])).toBeNull();
});
