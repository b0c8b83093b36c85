import { expect, it } from 'vitest';
import { storeContract } from '../../test/kit/store-contract.js';

const gapMs = 1_000;
const leaseMs = 60_000;

storeContract('call budget', (scene) => {
  const reserve = async (budget: string, ticket: string, nowMs: number): Promise<number> => {
    const { startAtMs } = await scene().store.reservations.reserve({ budget, ticket, gapMs, leaseMs, nowMs });
    return startAtMs;
  };
  const budgetOf = (): string => scene().tenant();

  it('lets the first go at once, and the next when the first has finished and the gap has passed', async () => {
    const { reservations } = scene().store;
    const budget = budgetOf();
    expect(await reserve(budget, 'a', 10_000)).toBe(10_000);
    expect(await reserve(budget, 'b', 10_100)).toBeGreaterThan(10_100);
    expect(await reserve(budget, 'b', 11_500)).toBeGreaterThan(11_500);
    await reservations.finish(budget, 'a', 11_600);
    expect(await reserve(budget, 'b', 11_600)).toBe(11_600);
  });

  it('keeps the gap after a short exchange', async () => {
    const budget = budgetOf();
    await reserve(budget, 'a', 10_000);
    await scene().store.reservations.finish(budget, 'a', 10_050);
    expect(await reserve(budget, 'b', 10_100)).toBe(11_000);
    expect(await reserve(budget, 'b', 11_000)).toBe(11_000);
  });

  it('queues those who wait behind each other', async () => {
    const budget = budgetOf();
    await reserve(budget, 'a', 10_000);
    await scene().store.reservations.finish(budget, 'a', 10_000);
    expect(await reserve(budget, 'b', 10_000)).toBe(11_000);
    expect(await reserve(budget, 'c', 10_000)).toBe(12_000);
    // Asking again keeps the place.
    expect(await reserve(budget, 'b', 10_500)).toBe(11_000);
  });

  it('gives the same ticket its running exchange again', async () => {
    const budget = budgetOf();
    expect(await reserve(budget, 'a', 10_000)).toBe(10_000);
    expect(await reserve(budget, 'a', 10_500)).toBeLessThanOrEqual(10_500);
  });

  it('forgets an exchange whose worker died when its lease ends', async () => {
    const budget = budgetOf();
    await reserve(budget, 'a', 10_000);
    expect(await reserve(budget, 'b', 10_000 + leaseMs - 1)).toBeGreaterThan(10_000 + leaseMs - 1);
    expect(await reserve(budget, 'b', 10_000 + leaseMs + 1)).toBe(10_000 + leaseMs + 1);
  });

  it('backs off for everybody, counts penalties, and forgives them after a clean exchange', async () => {
    const { reservations } = scene().store;
    const budget = budgetOf();
    await reserve(budget, 'a', 10_000);
    await reservations.backOff(budget, 40_000);
    await reservations.backOff(budget, 30_000);
    await reservations.finish(budget, 'a', 10_100);
    expect(await reservations.penalties(budget)).toBe(2);
    expect(await reserve(budget, 'b', 20_000)).toBe(40_000);
    expect(await reserve(budget, 'b', 40_000)).toBe(40_000);
    await reservations.finish(budget, 'b', 40_100);
    expect(await reservations.penalties(budget)).toBe(0);
  });

  it('does not let one budget slow another', async () => {
    const budget = budgetOf();
    await reserve(budget, 'a', 10_000);
    await scene().store.reservations.backOff(budget, 90_000);
    expect(await reserve(budgetOf(), 'a', 10_000)).toBe(10_000);
  });
});
