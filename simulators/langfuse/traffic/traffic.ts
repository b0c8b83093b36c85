import type { ProjectStore } from '../state/project-store.js';
import { putScore, seedTrace } from '../writes/seed.js';
import { conversation, type SeedTurn } from './conversation.js';
import type { SamplePractice } from './practices.js';
import { SeededRandom } from './random.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Three months. */
const daysBack = 92;
/** Days for which a server that stays up has more to come. */
const daysAhead = 7;
/** From the end of a turn until the server shows it (langfuse.md 8). */
const visibleAfterMs = 6_200;

/**
 * Three months of a practice's traffic up to now, and a week to come that appears when its time has come. A day is decided by the practice
 * and the date alone, so that a restarted server has the same rows, and an importer that goes on finds nothing changed.
 */
export function seedTraffic(store: ProjectStore, practice: SamplePractice, nowMs: number): void {
  for (const model of practice.ownModels) store.prices.add(model);
  const today = Math.floor(nowMs / dayMs);
  for (let day = today - daysBack; day <= today + daysAhead; day += 1) {
    for (const turn of dayOf(practice, day)) {
      const visibleMs = turn.endMs + visibleAfterMs;
      if (visibleMs <= nowMs) put(store, turn, visibleMs);
      else store.later(visibleMs, (atMs) => put(store, turn, atMs));
    }
  }
}

function put(store: ProjectStore, { trace, score }: SeedTurn, atMs: number): void {
  seedTrace(store, trace, atMs);
  if (score) putScore(store, score, atMs);
}

/** All turns of one UTC day, by their end. */
function dayOf(practice: SamplePractice, day: number): readonly SeedTurn[] {
  const random = new SeededRandom(`${practice.project.id}/${day}`);
  const weekday = new Date(day * dayMs).getUTCDay();
  // Few call at weekends, most on Mondays.
  const share = [0.12, 1.3, 1.05, 1, 0.95, 0.9, 0.2][weekday] ?? 1;
  const count = Math.round(practice.conversationsPerDay * share * (0.85 + random.next() * 0.3));
  const turns: SeedTurn[] = [];
  for (let index = 0; index < count; index += 1) {
    // Two humps, late morning and afternoon, and a few in the evening.
    const hump = random.weighted({ 10: 50, 15: 38, 20: 12 });
    const wallHours = Number(hump) + (random.next() + random.next() - 1) * 2.4;
    const startMs = day * dayMs + Math.round((wallHours - practice.utcOffsetHours) * hourMs);
    turns.push(...conversation(practice, random, startMs));
  }
  return turns.sort((a, b) => a.endMs - b.endMs);
}
