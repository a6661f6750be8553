// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { api } from '../shared/api';
import { useGuard } from './shell';

/** What the server says; read again by changing `version`. */
export function useFetched<T>(path: string | null, version: number): { readonly value: T | null; readonly problem: unknown } {
    const guard = useGuard();
    const [value, setValue] = useState<T | null>(null);
    const [problem, setProblem] = useState<unknown>(null);
    useEffect(() => {
        let isLate = false;
        setProblem(null);
        if (path === null) return undefined;
        api.get<T>(path).then(
            (loaded) => {
                if (!isLate) setValue(loaded);
            },
            (error: unknown) => {
                if (!isLate && !guard(error)) setProblem(error);
            },
        );
        return () => {
            isLate = true;
        };
    }, [path, version, guard]);
    return { value, problem };
}
