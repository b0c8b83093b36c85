import type { Store } from '../../platform/store/store.js';
import { sampleModelStep } from './sample-model-step.js';

/** Where a conversation is told: a store whose clock the test moves. */
interface Scene {
  readonly store: Store;
  advance(ms: number): Promise<void>;
}

/**
 * Writes a conversation of `turns` turns as the product would, each with a call of a tool: four observations a turn, the turn itself
 * included. Closed at its end unless `open`.
 */
export async function tellConversation(
  scene: Scene,
  conversationId: string,
  { turns = 1, open = false, tenantId = 'bright-smiles' } = {},
): Promise<void> {
  const { transcript, conversations } = scene.store;
  const advance = (ms: number) => scene.advance(ms);
  const place = (entryId: string) => ({ tenantId, conversationId, entryId, promptBundle: 'bundle' });
  await conversations.create({
    tenantId,
    environment: 'sandbox',
    conversationId,
    channel: 'chat',
    language: 'en',
    isTest: false,
    callerNumberHash: `hash-of-${conversationId}`,
  });
  const answer = async (turn: number, step: number, content: readonly unknown[], say: string | null) => {
    const stepId = `t${turn}.s${step}`;
    await advance(1_300);
    await transcript.appendModel({
      ...place(`${stepId}.model`),
      afterEntryId: `${stepId}.caller`,
      model: 'claude-x',
      content,
      say,
      stopReason: say === null ? 'tool_use' : 'end_turn',
      modelStep: {
        ...sampleModelStep(tenantId, conversationId, stepId),
        turn,
        usage: { input_tokens: 100, output_tokens: 20 },
        costPicoUsd: 8_625_000_000n,
        latencyMs: 1_200,
      },
    });
  };
  for (let turn = 1; turn <= turns; turn += 1) {
    await advance(5_000);
    const text = `Ana Lopez asks ${turn}`;
    await transcript.appendCaller({
      ...place(`t${turn}.s1.caller`),
      content: [{ type: 'text', text }],
      messages: [{ messageId: `${conversationId}-m${turn}`, text }],
    });
    const call = { type: 'tool_use', id: `toolu_${turn}`, name: 'identify_patient' };
    await answer(turn, 1, [{ ...call, input: { first_name: 'Ana', last_name: 'Lopez' } }], null);
    await advance(400);
    await transcript.appendCaller({
      ...place(`t${turn}.s2.caller`),
      content: [
        { type: 'tool_result', tool_use_id: call.id, content: '{"ok":true,"data":{}}', is_error: false },
      ],
      messages: [],
    });
    const say = `Answer ${turn} for Ana.`;
    await answer(turn, 2, [{ type: 'text', text: JSON.stringify({ say }) }], say);
  }
  await advance(2_000);
  if (open) return;
  await conversations.update(tenantId, conversationId, { status: 'closed', outcome: 'booked', turns });
}
