import type { Route } from '../route.js';
import { changePassword, login, me } from './auth.js';
import {
  beginConversation,
  endConversation,
  getConversation,
  getReply,
  getTranscript,
  listConversations,
  sendMessage,
} from './conversations.js';
import { home, live, ready } from './health.js';
import { closeStaffTask, listStaffTasks, takeStaffTask } from './staff-tasks.js';
import { currentTenant, getCredentials, listAudit, listTenants, setCredentials } from './tenants.js';
import { createUser, deactivateUser, getUser, listUsers, updateUser } from './users.js';

/** Every route of the product. */
export const routes: readonly Route[] = [
  home,
  live,
  ready,
  login,
  me,
  changePassword,
  listUsers,
  createUser,
  getUser,
  updateUser,
  deactivateUser,
  listTenants,
  currentTenant,
  setCredentials,
  getCredentials,
  listAudit,
  beginConversation,
  listConversations,
  getConversation,
  sendMessage,
  getReply,
  getTranscript,
  endConversation,
  listStaffTasks,
  takeStaffTask,
  closeStaffTask,
];
