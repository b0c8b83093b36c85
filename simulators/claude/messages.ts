/** A content block as it is on the wire; only the keys that the simulator reads are named. */
export interface Block {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: unknown;
  readonly is_error?: boolean;
  readonly thinking?: string;
  readonly signature?: string;
  readonly [key: string]: unknown;
}

export interface WireMessage {
  readonly role: string;
  readonly content: string | readonly Block[];
}

/** A request body of the Messages API, as far as the simulator reads it. */
export interface MessagesRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: readonly WireMessage[];
  readonly system?: unknown;
  readonly tools?: readonly {
    readonly name: string;
    readonly input_schema?: { readonly properties?: Record<string, unknown> };
  }[];
  readonly tool_choice?: { readonly type?: string };
  readonly stream?: boolean;
  readonly [key: string]: unknown;
}

export const blocksOf = ({ content }: WireMessage): readonly Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

/** What the simulated model says, before it is put on the wire. */
export interface Turn {
  readonly content: readonly Block[];
  readonly stopReason: string;
}
