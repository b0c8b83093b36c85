import type { Conversation } from './conversation.js';

/** Something that a colleague asked for; done between two turns, never beside one. */
export interface StaffOrder {
  readonly kind: 'takeOver' | 'say' | 'giveBack';
  readonly run: (conversation: Conversation) => Promise<void>;
  done: boolean;
}

/** Does all that colleagues have asked for, in its order. */
export async function performOrders(talk: Conversation, orders: StaffOrder[]): Promise<void> {
  for (let order = orders.shift(); order; order = orders.shift()) {
    await order.run(talk);
    order.done = true;
  }
}
