import type { AgentAnswer, Claim } from '../../../domain/agent/answer.js';
import type { ToolInputs, ToolName } from '../../../domain/agent/tools.js';
import type { Turn } from '../messages.js';
import { plainTurn, toolTurn } from '../script.js';

/** What the receptionist does next: speak, or use one tool. */
export type Move =
  | {
      readonly kind: 'say';
      readonly text: string;
      readonly claims: readonly Claim[];
      readonly needsHuman: boolean;
    }
  | { readonly kind: 'call'; readonly name: ToolName; readonly input: unknown };

export const say = (text: string, claims: readonly Claim[] = [], needsHuman = false): Move => ({
  kind: 'say',
  text,
  claims,
  needsHuman,
});

export const call = <Name extends ToolName>(name: Name, input: ToolInputs[Name]): Move => ({
  kind: 'call',
  name,
  input,
});

/** Put before what is said; a call stays what it is. */
export const prefixed = (words: string, move: Move): Move =>
  move.kind === 'say' ? { ...move, text: `${words} ${move.text}` } : move;

export function turnOfMove(move: Move, language: AgentAnswer['language']): Turn {
  if (move.kind === 'call') return toolTurn([{ name: move.name, input: move.input }]);
  const answer: AgentAnswer = { claims: move.claims, needs_human: move.needsHuman, language, say: move.text };
  return plainTurn(JSON.stringify(answer));
}

/** Claims of one kind for these references. */
export const claimsOf = (kind: Claim['kind'], refs: readonly unknown[]): Claim[] =>
  refs.map((ref) => ({ kind, ref: String(ref) }));
