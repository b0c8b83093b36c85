import type { NodeRedClient } from './client.js';

/** 200 probes at once took 316 ms; more would only queue in the one process that also starts the flows (node-red.md 4.1). */
const probesAtOnce = 20;

/** Runs `work` over all items, a few at a time, in their order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(probesAtOnce, items.length) }, lane));
  return results;
}

/** The ids that have a live node. */
export async function liveAmong(
  client: Pick<NodeRedClient, 'isLive'>,
  ids: readonly string[],
): Promise<readonly string[]> {
  const live = await inParallel(ids, (id) => client.isLive(id));
  return ids.filter((_, index) => live[index]);
}

/** Evenly spread over the list and the same each time; all when there are no more than `most`. */
export const spread = <Item>(items: readonly Item[], most: number): readonly Item[] =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)] as Item);
