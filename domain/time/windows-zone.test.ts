import { describe, expect, it } from 'vitest';
import { ianaZoneOfWindows } from './windows-zone.js';

describe('Windows zone ids', () => {
  it('maps Arizona apart from the rest of Mountain time', () => {
    expect(ianaZoneOfWindows('Mountain Standard Time')).toBe('America/Denver');
    expect(ianaZoneOfWindows(' US Mountain Standard Time ')).toBe('America/Phoenix');
  });

  it('gives only zones that the runtime knows', () => {
    for (const zone of ['Eastern', 'Central', 'Mountain', 'US Mountain', 'Pacific', 'Alaskan', 'Hawaiian']) {
      const timeZone = ianaZoneOfWindows(`${zone} Standard Time`)!;
      expect(() => new Intl.DateTimeFormat('en-US', { timeZone })).not.toThrow();
    }
  });

  it('does not guess', () => {
    expect(ianaZoneOfWindows('Romance Standard Time')).toBeNull();
    expect(ianaZoneOfWindows('')).toBeNull();
  });
});
