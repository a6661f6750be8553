// SPDX-License-Identifier: Apache-2.0
// Who is at the tablet, and what of it they may see: the log-in when there is a network, else whoever logged in
// last in this browser. What one account took down is neither shown to another nor sent by it.
import type { ConsentReply } from '../shared/api_types';
import type { Session } from '../staff/types';
import type { Known, Vault } from './vault';

/** What lies here is somebody else's. */
export interface Locked {
    /** So many are not sent yet. */
    readonly n: number;
    /** null: not known. */
    readonly owner: string | null;
    /** Nobody else can log in before there is a network. */
    readonly offline: boolean;
}

type Own = Pick<Vault, 'known' | 'setKnown' | 'unsent' | 'wipe'>;

export interface Met<V> {
    readonly vault: V | null;
    readonly known: Known | null;
    readonly session: Session | null;
    readonly locked: Locked | null;
    readonly wrongRole: boolean;
}

export interface Around<V> {
    readonly open: () => Promise<V>;
    readonly session: () => Promise<Session>;
    readonly consent: () => Promise<ConsentReply>;
    /** As lastAccount() of staff/session. */
    readonly account: () => string | null;
}

/** Without an answer of the server. */
async function alone<V extends Own>(vault: V, known: Known | null, account: string | null): Promise<Partial<Met<V>>> {
    if (!known || account === null || account === known.owner.user) return { known };
    const n = (await vault.unsent()).length;
    return { known: null, locked: n > 0 ? { n, owner: known.owner.name, offline: true } : null };
}

/** VERSION of the text is in effect: it is held from now on, also for who is registered without a network. What is
 * known then; null: it was held already. */
export async function learnText<V extends Own>(vault: V, version: number, fetch: () => Promise<ConsentReply>): Promise<Known | null> {
    if ((await vault.known())?.consent?.version === version) return null;
    const consent = await fetch();
    /* Read again: a post may have been chosen meanwhile. */
    const known = await vault.known();
    if (!known) return null;
    const learnt = { ...known, consent };
    await vault.setKnown(learnt);
    return learnt;
}

/** Tells step by step what is known. Rejects when there is no log-in; then it has told what holds without one. */
export async function meet<V extends Own>(around: Around<V>, tell: (change: Partial<Met<V>>) => void): Promise<void> {
    let vault = await around.open();
    let known = await vault.known();
    const account = around.account();
    /* Whose log-in was the last need not wait for the network to give up; anybody else sees nothing before it is known
       who they are. */
    tell(known && account === known.owner.user ? { vault, known } : { vault });
    const session = await around.session().catch(async (problem: unknown) => {
        tell(await alone(vault, known, account));
        throw problem;
    });
    if (session.role !== 'desk' || !session.facility) return tell({ session, known: null, wrongRole: true });
    const foreign = (await vault.unsent()).filter((entry) => entry.owner !== session.user).length;
    if (foreign > 0) {
        const owner = known && known.owner.user !== session.user ? known.owner.name : null;
        return tell({ session, known: null, wrongRole: false, locked: { n: foreign, owner, offline: false } });
    }
    if (known && known.owner.user !== session.user) {
        await vault.wipe();
        vault = await around.open();
    }
    const consent = await around.consent();
    const owner = { user: session.user, name: session.name, facility: session.facility };
    /* Read again: a post may have been chosen meanwhile. */
    known = { post: null, ...(await vault.known()), owner, consent };
    await vault.setKnown(known);
    tell({ vault, known, session, wrongRole: false, locked: null });
}
