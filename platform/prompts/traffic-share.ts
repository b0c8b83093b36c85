import { createHash } from 'node:crypto';

/**
 * Whether a conversation belongs to the challenger's share of an experiment. The same answer every time, without a record: the bucket is
 * a hash of both ids (claude.md 7), so each experiment shares out anew.
 */
export function getsChallenger(
  conversationId: string,
  experiment: { readonly experimentId: string; readonly percent: number },
): boolean {
  const digest = createHash('sha256')
    .update(JSON.stringify([conversationId, experiment.experimentId]))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32 < experiment.percent / 100;
}
