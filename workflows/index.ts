export { bookingConversation } from './booking-conversation/workflow.js';
export { bookVisits } from './book-visits/workflow.js';
export { referenceSync } from './reference-sync/workflow.js';
