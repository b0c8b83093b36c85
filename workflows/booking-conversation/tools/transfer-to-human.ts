import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import type { Conversation } from '../conversation.js';
import { askForPerson } from '../hand-off.js';
import { done } from './answers.js';

/** Hands the conversation to the practice's staff; after hours it leaves them a callback. `when` tells the model which of them is true. */
export async function transferToHuman(
  conversation: Conversation,
  input: ToolInputs['transfer_to_human'],
): Promise<ToolAnswer> {
  const { taskRef, when } = await askForPerson(conversation, input);
  return done({ task: taskRef, when });
}
