import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { ToolAnswer, ToolCall } from '../../../domain/agent/tools.js';
import type { Conversation } from '../conversation.js';
import { failed } from './answers.js';
import { confirmBooking, reschedule } from './book.js';
import { cancelAppointment } from './cancel.js';
import { confirmAttendance } from './confirm-attendance.js';
import { endConversation } from './end-conversation.js';
import { findSlots } from './find-slots.js';
import { holdSlots } from './hold-slots.js';
import { identifyPatient } from './identify-patient.js';
import { joinWaitlist } from './join-waitlist.js';
import { listMyAppointments } from './list-my-appointments.js';
import { practiceInfo } from './practice-info.js';
import { saveInsurance } from './save-insurance.js';
import { startNewPatient } from './start-new-patient.js';
import { transferToHuman } from './transfer-to-human.js';

/** Runs one tool. A practice system that cannot be read is an answer for the model, never the end of the conversation. */
export async function runTool(conversation: Conversation, call: ToolCall): Promise<ToolAnswer> {
  try {
    return await dispatch(conversation, call);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const type = error.cause instanceof ApplicationFailure ? error.cause.type : 'timeout';
    return type === 'Cloud9Throttled' || type === 'Cloud9Unavailable' || type === 'timeout'
      ? failed(
          'try_later',
          'The schedule is slow to answer at the moment. Please give me a minute, or a colleague can call back.',
          true,
        )
      : failed('unavailable', 'I cannot reach the schedule at the moment. A colleague can call back.', false);
  }
}

function dispatch(conversation: Conversation, call: ToolCall): ToolAnswer | Promise<ToolAnswer> {
  switch (call.name) {
    case 'identify_patient':
      return identifyPatient(conversation, call.input);
    case 'start_new_patient':
      return startNewPatient(conversation, call.input);
    case 'find_slots':
      return findSlots(conversation, call.input);
    case 'hold_slots':
      return holdSlots(conversation, call.input);
    case 'confirm_booking':
      return confirmBooking(conversation, call.input);
    case 'list_my_appointments':
      return listMyAppointments(conversation);
    case 'reschedule':
      return reschedule(conversation, call.input);
    case 'cancel':
      return cancelAppointment(conversation, call.input);
    case 'confirm_attendance':
      return confirmAttendance(conversation, call.input);
    case 'practice_info':
      return practiceInfo(conversation, call.input);
    case 'join_waitlist':
      return joinWaitlist(conversation, call.input);
    case 'save_insurance':
      return saveInsurance(conversation, call.input);
    case 'transfer_to_human':
      return transferToHuman(conversation, call.input);
    case 'end_conversation':
      return endConversation(conversation, call.input);
  }
}
