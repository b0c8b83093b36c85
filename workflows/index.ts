export { bookingConversation } from './booking-conversation/workflow.js';
export { bookVisits } from './book-visits/workflow.js';
