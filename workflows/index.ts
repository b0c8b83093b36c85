export { bookingConversation } from './booking-conversation/workflow.js';
export { bookVisits } from './book-visits/workflow.js';
export { referenceSync } from './reference-sync/workflow.js';
export { deskOrder } from './practice-desk/desk-order.js';
export { practiceLookUp } from './practice-desk/look-up.js';
export { cancelTestRecords } from './cancel-test-records/workflow.js';
export { nodeRedTarget } from './node-red-target/workflow.js';
export { nodeRedErrand } from './node-red-errand/workflow.js';
