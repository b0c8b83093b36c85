const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const spokenDate = new RegExp(`(${months.join('|')}) (\\d{1,2}) at `);
const spokenTime = /(\d{1,2}):(\d{2}) (AM|PM)/g;

/**
 * The times of the first day that a text names, as `YYYY-MM-DDTHH:MM` at the practice. The year is not spoken: visits lie ahead, so a month
 * before this one is of the next year.
 */
export function timesSpoken(text: string, now: Date): readonly string[] {
  const [, monthName = '', day = ''] = spokenDate.exec(text) ?? [];
  if (monthName === '') return [];
  const month = months.indexOf(monthName);
  const year = now.getFullYear() + (month < now.getMonth() ? 1 : 0);
  const two = (part: number | string): string => String(part).padStart(2, '0');
  return [...text.matchAll(spokenTime)].map(([, hour = '', minute = '', half = '']) => {
    const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
    return `${year}-${two(month + 1)}-${two(day)}T${two(hours)}:${minute}`;
  });
}
