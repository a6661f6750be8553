// SPDX-License-Identifier: Apache-2.0
// The running call for the page: at most one, kept while the doctor looks at other visits.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { CallSession, type CallView } from './call_session';

export interface CallHook {
    readonly call: CallSession | null;
    readonly view: CallView | null;
    /** callPatient: rings the patient, too; otherwise only comes (back) in. */
    readonly open: (visitId: string, callPatient: boolean) => void;
    /** Goes without ending the visit. */
    readonly leave: () => void;
    /** The visit is over: the pane goes. */
    readonly drop: () => void;
}

export function useCall(): CallHook {
    const session = useRef<CallSession | null>(null);
    const [view, setView] = useState<CallView | null>(null);
    const open = useCallback((visitId: string, callPatient: boolean) => {
        session.current?.close();
        const started = new CallSession(visitId, callPatient, setView);
        session.current = started;
        setView(started.current);
        void started.start();
    }, []);
    const clear = useCallback((how: 'leave' | 'close') => {
        session.current?.[how]();
        session.current = null;
        setView(null);
    }, []);
    const leave = useCallback(() => clear('leave'), [clear]);
    const drop = useCallback(() => clear('close'), [clear]);
    useEffect(() => {
        /* For browser tests: the peer connection of the running call, or null. */
        Object.defineProperty(window, 'huyulaCall', {
            configurable: true,
            enumerable: false,
            get: () => session.current?.connection ?? null,
        });
    }, []);
    return { call: session.current, view, open, leave, drop };
}
