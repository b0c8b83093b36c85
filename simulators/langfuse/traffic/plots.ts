import type { SeededRandom } from './random.js';

/** A turn of a conversation: what the caller says, which tools the agent uses, what it answers. */
export interface PlotTurn {
  readonly caller: string;
  readonly tools: readonly string[];
  readonly agent: string;
}

export interface Plot {
  readonly outcome:
    'booked' | 'rescheduled' | 'cancelled' | 'transferred' | 'abandoned' | 'information' | 'failed';
  readonly turns: readonly PlotTurn[];
}

const firstNames = ['Dora', 'Milo', 'Ines', 'Otto', 'Lena', 'Hugo', 'Nora', 'Theo', 'Maya', 'Emil'] as const;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const;
const hours = ['8:40 AM', '9:20 AM', '10:00 AM', '11:40 AM', '1:20 PM', '2:40 PM', '4:00 PM'] as const;

const turn = (caller: string, tools: readonly string[], agent: string): PlotTurn => ({
  caller,
  tools,
  agent,
});

/** One conversation with invented people, by the weights of a practice's ordinary day. */
export function plotOf(random: SeededRandom, location: string): Plot {
  const child = random.pick(firstNames);
  const day = random.pick(weekdays);
  const hour = random.pick(hours);
  const slot = `${day} at ${hour} in our ${location} office`;
  const greeting = turn('Hello, I have a question about an appointment.', [], 'Hello! How can I help you?');
  const offer = (tool: string): PlotTurn =>
    turn(
      `${location}, next week if you can.`,
      [tool, 'find_slots'],
      `I have ${slot}. Shall I hold it for ${child}?`,
    );
  const hold = turn('That one, please.', ['hold_slots'], `I am holding ${slot}. Shall I book it?`);
  const again = turn(
    'Do you have something later?',
    ['find_slots'],
    `There is also ${day} at 4:40 PM. Or ${slot}.`,
  );
  const known = turn(
    `It is about ${child} Sample, born 2014-05-06.`,
    ['identify_patient'],
    `Thank you, I found ${child}. What can I do?`,
  );
  const extra = random.chance(0.4) ? [again] : [];
  const start = random.chance(0.5) ? [greeting] : [];
  const outcome = random.weighted({
    booked: 38,
    information: 21,
    rescheduled: 11,
    abandoned: 11,
    transferred: 9,
    cancelled: 7,
    failed: 3,
  });
  switch (outcome) {
    case 'booked':
      return {
        outcome,
        turns: [
          ...start,
          turn(
            `A first visit for ${child}, please.`,
            ['start_new_patient'],
            'With pleasure. Which office, and when?',
          ),
          offer('list_my_appointments'),
          ...extra,
          hold,
          turn('Yes, please book it.', ['confirm_booking'], `Booked: ${child}, ${slot}.`),
        ],
      };
    case 'rescheduled':
      return {
        outcome,
        turns: [
          ...start,
          known,
          turn('We need another day.', ['list_my_appointments'], 'Which day would suit you?'),
          offer('list_my_appointments'),
          ...extra,
          hold,
          turn('Yes, move it.', ['reschedule'], `Moved: ${child} now comes ${slot}.`),
        ],
      };
    case 'cancelled':
      return {
        outcome,
        turns: [
          known,
          turn('I have to cancel.', ['list_my_appointments', 'cancel'], `Shall I cancel ${slot}?`),
          turn('Yes.', ['cancel'], 'It is cancelled.'),
        ],
      };
    case 'transferred':
      return {
        outcome,
        turns: [
          ...start,
          turn('A bracket broke off.', ['transfer_to_human'], 'I am getting a colleague for you at once.'),
        ],
      };
    case 'abandoned':
      return {
        outcome,
        turns: [...start, turn('How soon can we come?', ['find_slots'], `The first is ${slot}.`)],
      };
    case 'information':
      return {
        outcome,
        turns: [
          turn('When are you open?', [], 'Monday to Friday, 8:00 AM to 5:00 PM.'),
          ...(random.chance(0.5) ? [turn(`And where is ${location}?`, [], 'I can send you the way.')] : []),
          turn('Thank you.', ['end_conversation'], 'Have a good day.'),
        ],
      };
    case 'failed':
      return {
        outcome,
        turns: [
          ...start,
          known,
          offer('list_my_appointments'),
          hold,
          turn(
            'Yes.',
            ['confirm_booking'],
            'I cannot reach our calendar just now. A colleague calls you back.',
          ),
        ],
      };
    default:
      return outcome satisfies never;
  }
}
