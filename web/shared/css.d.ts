// SPDX-License-Identifier: Apache-2.0
// Style sheets are bundled by esbuild; importing one has no value.
declare module '*.css';
