import { isMentionOf, mentionsIn } from '../agent/dates-and-times.js';
import type { PracticeDate, PracticeTime } from '../time/practice-time.js';

const word = (alternatives: string): RegExp => new RegExp(`(?<!\\p{L})(?:${alternatives})(?!\\p{L})`, 'u');

/** Words that say, or ask us to note, that somebody will come. */
const comes = word(
  "confirm(?: (?:that|the|my|our|his|her|their|your|i|we|he|she|they|\\p{L}+'s|attendance|it))*(?: \\p{L}+){0,3} (?:coming|come|comes|attend|attending|attendance|be there|appointment|appointments|visit|visits)|confirm (?:i'?m|we'?re|he'?s|she'?s|they'?re|for)|confirm (?:tuesday|monday|wednesday|thursday|friday|saturday|sunday)|(?:i|we|he|she|they)(?:'ll| will|'m| am|'re| are|'s| is) (?:definitely |still |both |all )?(?:be there|coming|attending|come|going to be there)|confirmar?(?: \\p{L}+){0,5} (?:cita|citas|visita|asistencia|vamos|voy|iremos|ir[eé]|asistir\\p{L}*)|confirm[eo](?: \\p{L}+){0,4} (?:cita|visita|asistencia)|(?:vamos a|voy a) (?:ir|asistir)|(?:s[ií] )?(?:iremos|ir[eé]|asistir[eé]|asistiremos)|ah[ií] estar(?:emos|[eé])",
);

/** Doubt, denial or another wish. */
const doubts = word(
  "no|not|never|can'?t|cannot|can not|won'?t|don'?t|unable|if|unless|maybe|might|perhaps|cancel\\p{L}*|move|reschedul\\p{L}*|change|instead|nunca|tal vez|quiz[aá]s?|si puedo|cambi\\p{L}*|anul\\p{L}*",
);

/**
 * True when the caller's words of a turn say by themselves that they will come to this appointment, and name no other day or time. A plain
 * yes is no such word: what it answers must be known. English and Spanish.
 */
export function saysWillCome(texts: readonly string[], start: PracticeTime, today: PracticeDate): boolean {
  const said = texts.join('\n').normalize('NFC').toLowerCase().replaceAll('’', "'");
  if (!comes.test(said) || doubts.test(said)) return false;
  return mentionsIn(said, today).every((mention) => isMentionOf(mention, start));
}
