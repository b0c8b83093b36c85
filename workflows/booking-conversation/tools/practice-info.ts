import { practiceAnswers } from '../../../domain/agent/practice-facts.js';
import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import type { Conversation } from '../conversation.js';
import { done, failed } from './answers.js';

/** Facts of the practice as its own file has them, in the caller's language; what is not there is not known. */
export function practiceInfo(
  { state: { practice, language } }: Conversation,
  { topic }: ToolInputs['practice_info'],
): ToolAnswer {
  const answers = practiceAnswers(practice, topic, language);
  return answers.length > 0
    ? done({ topic, answers })
    : failed('not_known', 'I do not have that information. A colleague can help.');
}
