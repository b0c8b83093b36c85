import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseEnd, refuseMessage } from './validate-message.js';

const open = { closed: false, waiting: 0, knows: () => false };
const message = { messageId: 'm1', text: 'Hello' };
const typeOf = (work: () => void): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { type?: string }).type ?? 'untyped';
  }
};

describe('refuseMessage', () => {
  it('meets anything from outside with MessageInvalid and never stumbles', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect([undefined, 'MessageInvalid']).toContain(typeOf(() => refuseMessage(value, open)));
      }),
    );
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { ...message, messageId: '' },
    { ...message, messageId: 'm'.repeat(65) },
    { ...message, text: ' ' },
    { ...message, text: 7 },
    { ...message, text: 'x'.repeat(2_001) },
  ])('refuses %j', (value) => {
    expect(typeOf(() => refuseMessage(value, open))).toBe('MessageInvalid');
  });

  it('refuses a new message once the conversation ends, and the ninth that waits', () => {
    expect(typeOf(() => refuseMessage(message, { ...open, closed: true }))).toBe('ConversationClosed');
    expect(typeOf(() => refuseMessage(message, { ...open, waiting: 8 }))).toBe('InboxFull');
    expect(typeOf(() => refuseMessage(message, { ...open, waiting: 7 }))).toBeUndefined();
  });

  it('lets a known message ask again although the conversation is closed and full', () => {
    const inbox = { closed: true, waiting: 8, knows: (id: string) => id === 'm1' };
    expect(typeOf(() => refuseMessage(message, inbox))).toBeUndefined();
  });
});

describe('refuseEnd', () => {
  it('meets anything from outside with MessageInvalid and never stumbles', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect([undefined, 'MessageInvalid']).toContain(typeOf(() => refuseEnd(value)));
      }),
    );
    expect(typeOf(() => refuseEnd(undefined))).toBe('MessageInvalid');
    expect(typeOf(() => refuseEnd({ reason: 'hung up' }))).toBeUndefined();
  });
});
