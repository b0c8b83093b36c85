import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { storeContract, type StoreScene } from '../../../test/kit/store-contract.js';
import type { AlertRule, AlertSettings, AlertSubject } from '../../../domain/alerts/alert-rule.js';
import type { Measured } from '../../../domain/alerts/judge.js';
import { noTally } from '../../../domain/statistics/tally.js';
import { factsText } from '../sessions/facts-text.js';
import { Conflict, NotFound } from '../errors.js';

const minute = 60_000;
const environment = 'sandbox';

const settings: AlertSettings = {
  name: 'Costs of an hour',
  active: true,
  operator: 'above',
  threshold: 0.1,
  windowMinutes: 60,
  minSample: 0,
  cooldownMinutes: 30,
};
const page = { limit: 10 };

storeContract('alerts', (scene) => {
  const rule = (
    tenantId: string,
    more: Partial<AlertSettings> = {},
    subject: AlertSubject = { metric: 'costUsd' },
  ): Promise<AlertRule> =>
    scene().store.alertRules.create({ tenantId, environment, ruleId: randomUUID() }, subject, {
      ...settings,
      ...more,
    });
  const seen = (figure: number): Measured => ({ figure, sample: 9, threshold: 0.1, fromMs: 0, toMs: 1 });
  const judge = (of: AlertRule, figure: number) =>
    scene().store.alerts.judge(of, seen(figure), scene().clock.now);
  const receive = (tenantId: string) =>
    scene().store.credentials.put({
      tenantId,
      environment,
      integration: 'alert-receiver',
      sealed: 'sealed',
      keyId: 'k',
    });
  const states = async (tenantId: string) =>
    (await scene().store.alerts.list(tenantId, environment, {}, page)).rows.map(({ state }) => state);

  it('gives every Langfuse configuration a rule for its lag, which is tuned but never removed, and goes with it', async () => {
    const { store } = scene();
    const tenantId = scene().tenant();
    await config(scene(), tenantId, 'c1');
    const [own] = await store.alertRules.list(tenantId, environment);
    expect(own).toMatchObject({
      ruleId: 'import-lag.c1',
      name: 'Import lag of c1',
      subject: { metric: 'importLagMinutes', configId: 'c1' },
      operator: 'above',
      threshold: null,
      active: true,
    });
    await expect(store.alertRules.remove(tenantId, own!.ruleId)).rejects.toThrow(Conflict);
    expect(await store.alertRules.change(tenantId, own!.ruleId, { threshold: 12.5 }, 1)).toMatchObject({
      threshold: 12.5,
      version: 2,
    });
    await expect(store.alertRules.change(tenantId, own!.ruleId, { active: false }, 1)).rejects.toThrow(
      Conflict,
    );
    await expect(store.alertRules.change(scene().tenant(), own!.ruleId, {})).rejects.toThrow(NotFound);
    await store.langfuseConfigs.remove(tenantId, 'c1');
    expect(await store.alertRules.list(tenantId, environment)).toEqual([]);
  });

  it('opens one alert, keeps it, and ends it by itself, with one message for each that the same look again does not repeat', async () => {
    const { store } = scene();
    const tenantId = scene().tenant();
    await receive(tenantId);
    const cost = await rule(tenantId);
    expect((await judge(cost, 0.05))?.step).toBe('nothing');
    expect((await judge(cost, 0.2))?.step).toBe('open');
    expect((await judge(cost, 0.3))?.step).toBe('keep');
    const [alert] = (await store.alerts.list(tenantId, environment, { state: 'open' }, page)).rows;
    expect(alert).toMatchObject({
      rule: { name: 'Costs of an hour', subject: { metric: 'costUsd' } },
      opened: { figure: 0.2 },
      latest: { figure: 0.3 },
    });
    expect((await judge(cost, 0.05))?.step).toBe('resolve');
    expect((await judge(cost, 0.05))?.step).toBe('nothing');
    const told = await store.alerts.pending(tenantId, cost.ruleId);
    expect(told.map(({ message: { event, measured, end } }) => [event, measured.figure, end])).toEqual([
      ['alert.opened', 0.2, null],
      ['alert.resolved', 0.05, 'conditionGone'],
    ]);
    expect(await states(scene().tenant())).toEqual([]);
  });

  it('opens one alert when two workers look at the same moment', async () => {
    const tenantId = scene().tenant();
    const cost = await rule(tenantId);
    await Promise.all([judge(cost, 0.2), judge(cost, 0.2), judge(cost, 0.2)]);
    expect(await states(tenantId)).toEqual(['open']);
  });

  it('is acknowledged and ended by people, once, and then stays quiet for its cooldown', async () => {
    const { store, clock } = scene();
    const tenantId = scene().tenant();
    const cost = await rule(tenantId);
    await judge(cost, 0.2);
    const { alertId } = (await store.alerts.list(tenantId, environment, {}, page)).rows[0]!;
    const by = { userId: 'u1', reason: 'looks after it' };
    expect(await store.alerts.acknowledge(tenantId, environment, alertId, by)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'u1',
      acknowledgeReason: 'looks after it',
    });
    await expect(store.alerts.acknowledge(tenantId, environment, alertId, by)).rejects.toThrow(Conflict);
    await expect(store.alerts.acknowledge(tenantId, 'production', alertId, by)).rejects.toThrow(NotFound);
    await expect(store.alerts.resolve(scene().tenant(), environment, alertId, by)).rejects.toThrow(NotFound);
    expect((await judge(cost, 0.2))?.step).toBe('keep');
    expect(await store.alerts.resolve(tenantId, environment, alertId, by)).toMatchObject({
      state: 'resolved',
      resolvedBy: 'u1',
      end: 'byPerson',
    });
    await expect(store.alerts.resolve(tenantId, environment, alertId, by)).rejects.toThrow(Conflict);
    expect((await judge(cost, 0.2))?.step).toBe('cooling');
    clock.now += 30 * minute;
    expect((await judge(cost, 0.2))?.step).toBe('open');
    expect(await states(tenantId)).toEqual(['open', 'resolved']);
  });

  it('ends what a rule has open when it is switched off or removed, and judges nothing by what a rule was before', async () => {
    const { store } = scene();
    const tenantId = scene().tenant();
    const [off, gone] = [await rule(tenantId), await rule(tenantId)];
    await judge(off, 0.2);
    await judge(gone, 0.2);
    await store.alertRules.change(tenantId, off.ruleId, { active: false });
    await store.alertRules.remove(tenantId, gone.ruleId);
    expect(
      (await store.alerts.list(tenantId, environment, {}, page)).rows.map(({ end }) => end).sort(),
    ).toEqual(['ruleOff', 'ruleRemoved']);
    expect([await judge(off, 0.2), await judge(gone, 0.2)]).toEqual([null, null]);
    const tuned = await rule(tenantId);
    await store.alertRules.change(tenantId, tuned.ruleId, { threshold: 5 });
    expect(await judge(tuned, 0.2)).toBeNull();
  });

  it('notes a message as sent once, and gives up only what was not', async () => {
    const { store } = scene();
    const tenantId = scene().tenant();
    await receive(tenantId);
    const cost = await rule(tenantId);
    await judge(cost, 0.2);
    await judge(cost, 0.05);
    const [first, second] = await store.alerts.pending(tenantId, cost.ruleId);
    await store.alerts.noteAttempt(tenantId, first!.notificationId, { answer: '503', sent: false });
    await store.alerts.noteAttempt(tenantId, first!.notificationId, { answer: '200', sent: true });
    await store.alerts.noteAttempt(tenantId, first!.notificationId, { answer: '500', sent: false });
    expect(await store.alerts.giveUp(tenantId, first!.notificationId)).toBe(false);
    expect(await store.alerts.giveUp(tenantId, second!.notificationId)).toBe(true);
    const told = await store.alerts.notificationsOf(tenantId, [first!.alertId]);
    expect(told.map(({ state, attempts, lastAnswer }) => [state, attempts, lastAnswer])).toEqual([
      ['sent', 2, '200'],
      ['undeliverable', 0, null],
    ]);
    expect(await store.alerts.pending(tenantId, cost.ruleId)).toEqual([]);
  });

  it('tells nobody when nobody wants to know', async () => {
    const tenantId = scene().tenant();
    const cost = await rule(tenantId);
    await judge(cost, 0.2);
    expect(await scene().store.alerts.pending(tenantId, cost.ruleId)).toEqual([]);
  });

  it('measures the turns and sessions of a window that ends where the import is', async () => {
    const { store, clock, database } = scene();
    const tenantId = scene().tenant();
    await config(scene(), tenantId, 'c1');
    const end = clock.now - 20 * minute;
    await reached(scene(), tenantId, 'c1', end);
    const turn = (traceId: string, atMs: number, usd: number, of = tenantId) => ({
      tenant_id: of,
      environment,
      trace_id: traceId,
      session_id: 's',
      group_key: 'g',
      started_at_ms: atMs,
      ended_at_ms: atMs,
      facts_json: factsText({
        total: { ...noTally, count: 1, costPicoUsd: BigInt(usd * 1e12) },
        observations: 1,
        tools: {},
        latencyMs: 10,
      }),
    });
    // Both edges, more than one portion in one millisecond, and what belongs to others.
    await database.kysely
      .insertInto('trace_facts')
      .values([
        turn('before', end - 60 * minute - 1, 100),
        turn('first', end - 60 * minute, 1),
        turn('after', end, 100),
        turn('foreign', end - minute, 100, scene().tenant()),
        ...Array.from({ length: 1_100 }, (_, index) => turn(`many-${index}`, end - minute, 0.5)),
      ])
      .execute();
    const cost = await rule(tenantId);
    expect(await store.alertFigures.measure(cost, clock.now)).toEqual({
      figure: 551,
      sample: 1_101,
      threshold: 0.1,
      fromMs: end - 60 * minute,
      toMs: end,
    });
    const session = async (sessionId: string, outcome: string, lastAtMs: number) =>
      database.kysely
        .insertInto('sessions')
        .values({
          tenant_id: tenantId,
          environment,
          session_id: sessionId,
          group_key: 'g',
          user_id: null,
          agent: 'a',
          outcome,
          turns: 1,
          turns_with_error: 0,
          first_at_ms: lastAtMs,
          last_at_ms: lastAtMs,
          facts_json: '{}',
          created_at_ms: 0,
          updated_at_ms: 0,
        })
        .execute();
    await session('s1', 'booked', end - minute);
    for (const id of ['s2', 's3', 's4']) await session(id, 'failed', end - minute);
    await session('s5', 'booked', end);
    const share = await rule(tenantId, {}, { metric: 'outcomeShare', outcome: 'booked' });
    expect(await store.alertFigures.measure(share, clock.now)).toMatchObject({ figure: 0.25, sample: 4 });
    const none = await rule(tenantId, {}, { metric: 'outcomeCount', outcome: 'cancelled' });
    expect(await store.alertFigures.measure(none, clock.now)).toMatchObject({ figure: 0, sample: 4 });
  });

  it('measures how far an import is behind, by the rhythm of its configuration, and nothing once that is switched off', async () => {
    const { store, clock } = scene();
    const tenantId = scene().tenant();
    await config(scene(), tenantId, 'c1');
    const lag = (await store.alertRules.ofConfig(tenantId, 'c1'))[0]!;
    // Thirty days behind, but new.
    expect(await store.alertFigures.measure(lag, clock.now)).toMatchObject({ figure: 0, threshold: 65 });
    await reached(scene(), tenantId, 'c1', clock.now);
    clock.now += 90 * minute;
    expect(await store.alertFigures.measure(lag, clock.now)).toMatchObject({ figure: 90, sample: 1 });
    expect(await store.alertFigures.measure({ ...lag, threshold: 120 }, clock.now)).toMatchObject({
      threshold: 120,
    });
    await store.langfuseConfigs.change(tenantId, 'c1', { active: false });
    expect(await store.alertFigures.measure(lag, clock.now)).toBeNull();
    expect(await store.alertFigures.measure(await rule(tenantId), clock.now)).toBeNull();
  });
});

const config = ({ store, clock }: StoreScene, tenantId: string, configId: string) =>
  store.langfuseConfigs.create(
    { tenantId, environment, configId },
    {
      name: configId,
      host: 'http://127.0.0.1',
      projectId: null,
      plan: 'selfHosted',
      readApi: 'auto',
      active: true,
      isDefault: false,
      everyMs: 15 * minute,
      settleMs: 20 * minute,
      overlapMs: 60 * minute,
      importFromMs: clock.now - 30 * 1_440 * minute,
    },
  );

const reached = ({ database }: StoreScene, tenantId: string, configId: string, watermarkMs: number) =>
  database.kysely
    .updateTable('import_lanes')
    .set({ position_at_ms: watermarkMs })
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .where('lane_id', '=', 'live')
    .execute();
