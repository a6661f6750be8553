// SPDX-License-Identifier: Apache-2.0
// What replaces something on the server; only staff pages do.
import { request, type ApiOptions } from '../shared/api';

export function put<T>(path: string, body: unknown, options?: ApiOptions): Promise<T> {
    return request<T>('PUT', path, body, options);
}
