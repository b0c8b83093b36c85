import { expect, it } from 'vitest';
import { storeContract } from '../../test/kit/store-contract.js';

storeContract('test records', (scene) => {
  async function practice(tenantId: string) {
    const { conversations, deskOrders, ledger } = scene().store;
    const owned = { tenantId, environment: 'sandbox' as const };
    for (const isTest of [true, false]) {
      const suffix = isTest ? 'test' : 'real';
      await conversations.create({
        ...owned,
        conversationId: `c-${suffix}`,
        channel: 'chat',
        language: 'en',
        isTest,
        callerNumberHash: null,
      });
      await deskOrders.begin({
        ...owned,
        orderId: `o-${suffix}`,
        operation: 'book',
        requestHash: 'h',
        isTest,
        actorUserId: 'u',
      });
    }
    const enter = (conversationId: string, kind: 'booked' | 'cancelled' | 'patientCreated', guid: string) => {
      scene().clock.now += 1;
      return ledger.append({
        ...owned,
        conversationId,
        entryId: `${conversationId}.${guid}.${kind}`,
        kind,
        appointmentGuid: kind === 'patientCreated' ? null : guid,
        patientGuid: `patient-of-${guid}`,
        intentId: 'i',
        detail: { start: '2030-03-05T09:00', minutes: 40, locationKey: 'downtown', columnGuid: 'x' },
      });
    };
    await enter('c-test', 'patientCreated', 'a1');
    await enter('c-test', 'booked', 'a1');
    await enter('desk.o-test', 'booked', 'a2');
    await enter('c-real', 'booked', 'a3');
    await enter('desk.o-real', 'booked', 'a4');
    return enter;
  }

  it('are what marked conversations and orders made, and nothing that others made', async () => {
    const tenantId = scene().tenant();
    const enter = await practice(tenantId);
    const { testRecords } = scene().store;
    const open = async () =>
      (await testRecords.open(tenantId, 'sandbox', 10)).map(({ appointmentGuid }) => appointmentGuid);
    expect(await open()).toEqual(['a1', 'a2']);
    // Cancelled by whoever it was: somebody at the desk, not the test itself.
    await enter('desk.o-real', 'cancelled', 'a1');
    expect(await open()).toEqual(['a2']);
    const { rows } = await testRecords.list(tenantId, 'sandbox', { limit: 10 });
    expect(rows.map(({ kind, appointmentGuid, status }) => [kind, appointmentGuid, status])).toEqual([
      ['appointment', 'a2', 'booked'],
      ['appointment', 'a1', 'cancelled'],
      ['patient', null, 'left'],
    ]);
    const first = await testRecords.list(tenantId, 'sandbox', { limit: 2 });
    const second = await testRecords.list(tenantId, 'sandbox', { limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.rows, ...second.rows]).toEqual(rows);
    expect(second.nextCursor).toBeNull();
  });

  it('of one practice and environment are none of another', async () => {
    const tenantId = scene().tenant();
    await practice(tenantId);
    const { testRecords } = scene().store;
    expect(await testRecords.open(scene().tenant(), 'sandbox', 10)).toEqual([]);
    expect(await testRecords.open(tenantId, 'production', 10)).toEqual([]);
    expect((await testRecords.list(tenantId, 'production', { limit: 10 })).rows).toEqual([]);
  });
});
