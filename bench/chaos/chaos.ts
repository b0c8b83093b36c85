import { randomInt } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import { startStack, type Stack } from '../../test/kit/stack.js';
import { changeSince, momentOf } from '../../test/scenarios/change.js';
import { ownRows } from '../../test/scenarios/rows.js';
import { findTemporalCli } from '../../worker/temporal-cli/find.js';
import { chance, type Chance } from '../chance.js';
import type { BenchResult } from '../main.js';
import { audit } from './audit.js';
import { playFamily, stubbornDoor, type Family, type StubbornDoor, type Told } from './family.js';
import { startKiller } from './killer.js';
import { startStorm } from './storm.js';

/** Once nothing is killed any more, everybody has an answer within this time. */
const patienceMs = 180_000;

const report = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Families book over HTTP while worker, API and Temporal server are killed at random and a share of the practice system's calls fails.
 * Afterwards nothing may be doubled, lost or falsely claimed. The seed repeats the families, the order of kills and the draws of the
 * faults; which call a kill hits is the machine's chance.
 */
export async function chaos(args: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      bookings: { type: 'string', default: '200' },
      callers: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
      'kill-every-ms': { type: 'string', default: '2000' },
      'fault-share': { type: 'string', default: '0.2' },
      /** The storm ends when everybody is answered, at the latest after this. */
      'storm-s': { type: 'string', default: '1800' },
    },
  });
  const [bookings, callers, seed] = [Number(values.bookings), Number(values.callers), Number(values.seed)];
  const repeat = `npm run bench -- chaos --seed ${seed} --bookings ${bookings} --callers ${callers}`;
  report(repeat);
  const luck = chance(seed);
  const families = Array.from({ length: bookings }, (_, index) => familyOf(index, seed, luck));
  const stack = await startStack({ temporalCliPath: await findTemporalCli({ env: process.env, report }) });
  try {
    const startedAt = performance.now();
    const before = await momentOf(stack.practice);
    await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'Shall I look again?' });
    const storm = await startStorm(stack.practice, Number(values['fault-share']), seed);
    const killer = startKiller(stack, Number(values['kill-every-ms']), chance(seed + 1), report);
    let calmDown = (): void => undefined;
    const calm = new Promise<void>((resolve) => (calmDown = resolve)).then(async () => {
      await storm.stop();
      await killer.stop();
    });
    const longest = setTimeout(calmDown, Number(values['storm-s']) * 1_000);
    const door = stubbornDoor(patienceMs, calm);
    const told = await playAll(stack, families, callers, door, () => JSON.stringify(killer.count()));
    clearTimeout(longest);
    calmDown();
    await calm;
    await endAll(stack, told);
    const tookS = Math.round((performance.now() - startedAt) / 1_000);

    const change = await changeSince(stack.practice, before, new Set());
    const { counts, ...wrong } = audit(told, change, await ownRows(stack, idsOf(told)));
    const unfinished = (await openWorkflows(stack)).map((id) => `${id} is still running`);
    return {
      figures: {
        seed,
        ...counts,
        doubled: wrong.doubled.length,
        lost: wrong.lost.length,
        falseClaims: wrong.falseClaims.length,
        leftOver: wrong.leftOver.length + unfinished.length,
        kills: killer.count(),
        troublesOfCallers: door.troubles(),
        tookS,
        load: loadavg()[0],
      },
      problems: [
        ...Object.entries(wrong).flatMap(([kind, lines]) => lines.map((line) => `${kind}: ${line}`)),
        ...unfinished,
      ],
      repeat,
    };
  } finally {
    await stack.stop();
  }
}

function familyOf(index: number, seed: number, { next, whole, oneOf }: Chance): Family {
  const from = addDays(practiceDateOf(Date.now(), 'America/New_York'), whole(1, 40));
  return {
    lastName: `Fake-${seed.toString(36)}-${index}`,
    children: next() < 0.2 ? 2 : 1,
    location: oneOf(['downtown', 'lakeside']) ?? 'downtown',
    from,
    to: addDays(from, 21),
  };
}

async function playAll(
  stack: Stack,
  families: readonly Family[],
  callers: number,
  door: StubbornDoor,
  kills: () => string,
): Promise<readonly Told[]> {
  const waiting = [...families];
  const told: Told[] = [];
  const progress = setInterval(() => report(`${told.length}/${families.length} ${kills()}`), 10_000);
  const lane = async (): Promise<void> => {
    for (let family = waiting.shift(); family; family = waiting.shift())
      told.push(await playFamily(stack, family, door));
  };
  await Promise.all(Array.from({ length: callers }, lane));
  clearInterval(progress);
  return told;
}

const idsOf = (told: readonly Told[]): string[] =>
  told.flatMap(({ conversationId }) => (conversationId === null ? [] : [conversationId]));

/** Ends every conversation, and waits until each has finished what it was doing. */
async function endAll(stack: Stack, told: readonly Told[]): Promise<void> {
  const door = stubbornDoor(patienceMs);
  const caller = await door.until(() => stack.caller());
  for (const id of idsOf(told)) {
    await door.until(async () => {
      const { status, body } = await caller.request('POST', `/api/conversations/${id}/end`, {});
      if (status !== 200) throw new Error(JSON.stringify(body));
    });
  }
}

async function openWorkflows({ client }: Stack): Promise<readonly string[]> {
  const open: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' }))
    if (/^(?:booking|visits)\//.test(workflowId)) open.push(workflowId);
  return open;
}
