/** Names, notes and messages of others are data: what is shown or sent on has no control, zero-width or direction characters (claude.md 6). */
const invisible = /[\p{Cf}\p{Co}\p{Cs}]/gu;

const longestName = 60;

/** A name as it may be shown, spoken and stored: one line, single spaces, at most 60 characters. May be empty. */
export function displayName(text: string): string {
  // A line break separates words; a zero-width character stands inside one.
  const line = text
    .replace(/\p{Cc}/gu, ' ')
    .replace(invisible, '')
    .replace(/\s+/g, ' ')
    .trim();
  return [...line.matchAll(/./gsu)]
    .slice(0, longestName)
    .map(([character]) => character)
    .join('')
    .trim();
}

/** Orders to whoever reads: to a model, or in the voice of one. English and Spanish. */
const imperatives = [
  /\b(ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(rules?|instructions?|prompts?|previous|prior|above|earlier|everything|guidelines|policy|policies)\b/,
  /\b(system prompt|developer mode|jailbreak|prompt injection|you are now|act as|pretend (to be|you)|from now on|new instructions?)\b/,
  /\b(cancel|delete|remove|reschedule|move|book)\b.{0,20}\b(all|every|everyone'?s?|other|any)\b.{0,30}\b(appointments?|patients?|bookings?|visits?|records?)\b/,
  /\b(reveal|show|print|repeat|tell me|send|list|output)\b.{0,30}\b(prompt|instructions?|credentials?|passwords?|api keys?|all patients?|other patients?)\b/,
  /\b(call|use|invoke|run|execute)\b.{0,15}\b(tools?|functions?|commands?|confirm_booking|cancel|transfer_to_human)\b/,
  /\b(ignor[ae]r?|olvid[ae]r?|omit[ae])\b.{0,40}\b(reglas?|instrucciones|anterior(es)?|todo|indicaciones)\b/,
  /\b(cancel[ae]r?|elimin[ae]r?|borr[ae]r?)\b.{0,20}\b(todas?|todos?)\b.{0,20}\b(citas?|pacientes?|reservas?)\b/,
  /(^|\n)\s*(system|assistant|developer|user|human)\s*:|<\/?(system|assistant|instructions?|tool_result|tool_use)\b|\[\/?inst\]|<\|/,
] as const;

/**
 * True for text of others that reads like an order to the model. Such a tool result is marked `flagged`, never changed: privilege lives in the
 * gates, and a child may really be called so (claude.md 6 and 11, row 11).
 */
export function looksLikeInstruction(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replace(invisible, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\S\n]+/g, ' ');
  return imperatives.some((pattern) => pattern.test(plain));
}
