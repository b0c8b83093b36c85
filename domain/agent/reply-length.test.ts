import { expect, it } from 'vitest';
import { speechMs, withinLength } from './reply-length.js';

const sentence = 'I have these times for you at the office downtown, all of them in the morning. ';

it('leaves a short answer as it is', () => {
  expect(withinLength('Sure. Which day?', 'voice')).toBe('Sure. Which day?');
});

it('cuts between sentences, shorter on the phone than in a chat', () => {
  const long = sentence.repeat(30).trim();
  const [voice, chat] = [withinLength(long, 'voice'), withinLength(long, 'chat')];
  expect(voice.length).toBeLessThanOrEqual(400);
  expect(chat.length).toBeLessThanOrEqual(1_200);
  expect(chat.length).toBeGreaterThan(voice.length);
  expect(voice.endsWith('.')).toBe(true);
});

it('counts silence from the end of speech', () => {
  expect(speechMs('x'.repeat(150), 'voice')).toBe(9_900);
  expect(speechMs('x'.repeat(150), 'chat')).toBe(0);
});
