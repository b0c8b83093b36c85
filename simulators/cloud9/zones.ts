/** `YYYY-MM-DDTHH:MM:SS` without offset: wall clock somewhere, sortable as text. */
export type WallClock = string;

/** Windows zone ids that the simulator's locations may carry (cloud9.md 2.2). */
export const zones = {
  eastern: { windowsZone: 'Eastern Standard Time', zone: 'America/New_York' },
  central: { windowsZone: 'Central Standard Time', zone: 'America/Chicago' },
  mountain: { windowsZone: 'Mountain Standard Time', zone: 'America/Denver' },
} as const;

/** EntryDate and StatusStartDate are stamped with the server's US Eastern clock (cloud9.md 2.2). */
export const serverZone = 'America/New_York';

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows in an IANA zone at this moment, daylight saving included. */
export function wallClock(epochMs: number, zone: string): WallClock {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(epochMs)) parts[type] = value;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}
