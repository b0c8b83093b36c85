import type { Channel } from '../tenant.js';
import { sentencesOf } from './clauses.js';

/** Longest answer: about 25 seconds of speech, or what a chat window shows at once. */
const longest: Readonly<Record<Channel, number>> = { voice: 400, chat: 1_200 };

/** Speech of these agents: 15 characters a second. */
const speechMsPerCharacter = 66;

/** The answer, or as many of its first sentences as the channel bears; at least one. */
export function withinLength(say: string, channel: Channel): string {
  if (say.length <= longest[channel]) return say;
  const kept: string[] = [];
  for (const sentence of sentencesOf(say)) {
    if (kept.length > 0 && [...kept, sentence].join(' ').length > longest[channel]) break;
    kept.push(sentence);
  }
  return kept.join(' ');
}

/** How long the caller listens; silence begins after it. Chats are read at once. */
export const speechMs = (text: string, channel: Channel): number =>
  channel === 'voice' ? text.length * speechMsPerCharacter : 0;
