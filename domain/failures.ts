/** How one failure is answered over HTTP, whether waiting helps, and what a reader may do about it. */
export interface FailureRow {
  readonly status: number;
  /** `retry`: the same call may work now; `wait`: it works after the time that the failure carries; `never`: it will not. */
  readonly retry: 'retry' | 'wait' | 'never';
  readonly title: string;
}

/**
 * Every failure that leaves an activity, an update or a route: its stable `type` and what it means to a caller of the API.
 * Activities throw it as `ApplicationFailure.type`, workflows branch on it, `api/problems.ts` answers with it, the docs list it.
 */
export const failures = {
  // The practice system (Cloud9)
  Cloud9Auth: { status: 502, retry: 'never', title: 'The practice system refused our credentials' },
  Cloud9Throttled: { status: 503, retry: 'wait', title: 'The practice system asks us to slow down' },
  Cloud9OutsideWindow: {
    status: 503,
    retry: 'wait',
    title: 'The practice system does not serve this call at this hour',
  },
  Cloud9NotAuthorised: {
    status: 502,
    retry: 'never',
    title: 'The practice system does not grant us this procedure',
  },
  Cloud9BadRequest: {
    status: 502,
    retry: 'never',
    title: 'The practice system rejected a parameter that we sent',
  },
  Cloud9Refused: { status: 409, retry: 'never', title: 'The practice system refused the change' },
  Cloud9NotFound: { status: 404, retry: 'never', title: 'The practice system does not know this record' },
  Cloud9Unavailable: { status: 503, retry: 'retry', title: 'The practice system does not answer' },
  Cloud9Malformed: {
    status: 502,
    retry: 'retry',
    title: 'The practice system answered something unreadable',
  },
  SlotTaken: { status: 409, retry: 'never', title: 'Someone else has this slot' },
  OutcomeUnknown: {
    status: 504,
    retry: 'never',
    title: 'Whether the change happened is not known yet; the detail says where to look',
  },
  // Traces (Langfuse)
  LangfuseAuth: { status: 502, retry: 'never', title: 'Langfuse refused our keys' },
  LangfuseForbidden: { status: 502, retry: 'never', title: 'Langfuse does not grant these keys this read' },
  LangfuseWrongHost: { status: 502, retry: 'never', title: 'There is no Langfuse API at this address' },
  LangfuseModeChanged: {
    status: 409,
    retry: 'never',
    title: 'The Langfuse server does not serve this read API any more; it must be probed again',
  },
  LangfuseBadRequest: { status: 502, retry: 'never', title: 'Langfuse rejected a parameter that we sent' },
  LangfuseNotFound: { status: 404, retry: 'never', title: 'Langfuse does not know this record' },
  LangfuseThrottled: { status: 503, retry: 'wait', title: 'Langfuse asks us to slow down' },
  LangfuseTooLarge: {
    status: 502,
    retry: 'never',
    title: 'Langfuse cannot give this answer even in its smallest part',
  },
  LangfuseUnavailable: { status: 503, retry: 'retry', title: 'Langfuse does not answer' },
  LangfuseMalformed: { status: 502, retry: 'retry', title: 'Langfuse answered something unreadable' },
  SubmissionForbidden: {
    status: 409,
    retry: 'never',
    title: 'This practice holds health data: its own traces may be submitted with the mask "all" only',
  },
  LangfuseProtocol: {
    status: 502,
    retry: 'never',
    title: 'Langfuse answered against its own protocol; the window is read anew by the next run',
  },
  // The model (Claude)
  LlmBadRequest: { status: 502, retry: 'never', title: 'The model refused the request as malformed' },
  LlmAuth: { status: 502, retry: 'never', title: 'The model provider refused our credentials' },
  LlmSpendCap: { status: 503, retry: 'never', title: 'The spending limit at the model provider is reached' },
  LlmUnavailable: { status: 503, retry: 'never', title: 'The model is not available' },
  LlmRetry: { status: 503, retry: 'retry', title: 'The model did not answer this time' },
  LlmMalformed: { status: 502, retry: 'retry', title: 'The model answered something unreadable' },
  LlmBug: { status: 500, retry: 'never', title: 'A defect of ours in speaking to the model' },
  // Node-RED
  NodeRedAuth: { status: 502, retry: 'never', title: 'Node-RED refused our credentials' },
  NodeRedPermission: { status: 502, retry: 'never', title: 'Our Node-RED account may not do this' },
  NodeRedLoginLocked: { status: 503, retry: 'wait', title: 'Node-RED has locked our account for a while' },
  NodeRedUnavailable: { status: 503, retry: 'retry', title: 'Node-RED does not answer' },
  NodeRedMalformed: { status: 502, retry: 'never', title: 'There is no Node-RED admin API at this address' },
  BackupBroken: {
    status: 502,
    retry: 'never',
    title: 'A backup could not be verified, so nothing is deployed',
  },
  NodeRedPoison: { status: 502, retry: 'never', title: 'These flows kill the Node-RED process' },
  FlowsInvalid: {
    status: 422,
    retry: 'never',
    title: 'These flows would not run; the errors name each node',
  },
  TargetLocked: {
    status: 409,
    retry: 'never',
    title: 'The target waits for a person who has looked at its last deployment',
  },
  DeploymentOver: {
    status: 409,
    retry: 'never',
    title: 'This deployment is past the point where that is possible',
  },
  // Conversations
  ConversationClosed: { status: 409, retry: 'never', title: 'This conversation has ended' },
  ConversationNotFound: { status: 404, retry: 'never', title: 'There is no such conversation' },
  MessageNotFound: { status: 404, retry: 'never', title: 'There is no such message in this conversation' },
  MessageInvalid: { status: 422, retry: 'never', title: 'The message cannot be taken as it is' },
  NotHandedOff: { status: 409, retry: 'never', title: 'The agent has this conversation; hand it off first' },
  InboxFull: {
    status: 429,
    retry: 'retry',
    title: 'Too many messages of this conversation wait for an answer',
  },
  PromptBundleMissing: {
    status: 500,
    retry: 'never',
    title: 'The prompt bundle of this conversation is not in the store',
  },
  // Alerts
  AlertNotAcknowledged: {
    status: 502,
    retry: 'retry',
    title: 'The receiver of alerts did not acknowledge the message',
  },
  // Tenants, identity, requests
  TenantForbidden: { status: 403, retry: 'never', title: 'This tenant is unknown or not yours' },
  TenantInactive: { status: 403, retry: 'never', title: 'This tenant is switched off' },
  IntegrationNotConfigured: {
    status: 409,
    retry: 'never',
    title: 'This integration has no credentials in this environment',
  },
  Unauthenticated: { status: 401, retry: 'never', title: 'A valid token is required' },
  BadCredentials: { status: 401, retry: 'never', title: 'E-mail or password is wrong' },
  LockedOut: { status: 429, retry: 'wait', title: 'Too many failed logins; try again later' },
  Forbidden: { status: 403, retry: 'never', title: 'Your role does not allow this' },
  RateLimited: { status: 429, retry: 'wait', title: 'Too many requests' },
  ValidationFailed: { status: 422, retry: 'never', title: 'The request does not fit its description' },
  MalformedBody: { status: 400, retry: 'never', title: 'The body is not valid JSON' },
  UnsupportedMediaType: { status: 415, retry: 'never', title: 'The content type must be application/json' },
  BodyTooLarge: { status: 413, retry: 'never', title: 'The body is too large' },
  RouteNotFound: { status: 404, retry: 'never', title: 'There is no such route' },
  MethodNotAllowed: { status: 405, retry: 'never', title: 'This route does not take this method' },
  RecordNotFound: { status: 404, retry: 'never', title: 'There is no such record' },
  Conflict: {
    status: 409,
    retry: 'never',
    title: 'The record was changed by someone else or exists already',
  },
  // The service itself
  WorkerUnavailable: { status: 503, retry: 'retry', title: 'No worker takes work at the moment' },
  TemporalUnavailable: { status: 503, retry: 'retry', title: 'The workflow engine does not answer' },
  Internal: {
    status: 500,
    retry: 'never',
    title: 'An unexpected error; the log line with this correlation id has it',
  },
} as const satisfies Record<string, FailureRow>;

export type FailureType = keyof typeof failures;

/** True when `type` is a row of the table; narrows what comes back from Temporal, where types are plain strings. */
export function isFailureType(type: string | null | undefined): type is FailureType {
  return type !== null && type !== undefined && Object.hasOwn(failures, type);
}
