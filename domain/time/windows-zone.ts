/**
 * The Windows zone ids that Cloud9 gives (cloud9.md 2.2) and their IANA zones. "Standard" does not mean "no daylight saving": only
 * `US Mountain` (Arizona) and Hawaii have none.
 */
const zones: Readonly<Record<string, string>> = {
  'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Mountain Standard Time': 'America/Denver',
  'US Mountain Standard Time': 'America/Phoenix',
  'Pacific Standard Time': 'America/Los_Angeles',
  'Alaskan Standard Time': 'America/Anchorage',
  'Hawaiian Standard Time': 'Pacific/Honolulu',
};

/** The IANA zone of a Windows zone id; null for one that we do not know, which must not be guessed. */
export function ianaZoneOfWindows(windowsZone: string): string | null {
  return zones[windowsZone.trim()] ?? null;
}
