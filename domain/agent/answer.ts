/** What a final answer may claim to have done. Each claim names the reference that a tool result gave (A1, H1). */
export const claimKinds = [
  'booked',
  'moved',
  'cancelled',
  'held',
  'handed_off',
  'confirmed',
  'waitlisted',
  'noted',
] as const;
export type ClaimKind = (typeof claimKinds)[number];

export interface Claim {
  readonly kind: ClaimKind;
  /** `A1` for booked, moved, cancelled and confirmed; `H1` for held; `T1` for handed_off; `W1` for waitlisted; `N1` for noted. */
  readonly ref: string;
}

/** The model's final answer of a turn: JSON text of this shape, claims first so that a voice can be checked before it speaks. */
export interface AgentAnswer {
  readonly claims: readonly Claim[];
  readonly needs_human: boolean;
  readonly language: 'en' | 'es';
  readonly say: string;
}

/** `output_config.format` of every request. Grammars do not support length limits (claude.md 1.3): `parseAnswer` checks them. */
export const answerSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['claims', 'needs_human', 'language', 'say'],
  properties: {
    claims: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'ref'],
        properties: { kind: { type: 'string', enum: [...claimKinds] }, ref: { type: 'string' } },
      },
    },
    needs_human: { type: 'boolean' },
    language: { type: 'string', enum: ['en', 'es'] },
    say: { type: 'string' },
  },
} as const;
