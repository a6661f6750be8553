// SPDX-License-Identifier: Apache-2.0
// What the patient's letters say, in Indonesian. This table is the pattern: en.ts must have the same keys.
export const ownId = {
    title: 'Surat saya',
    loading: 'Memuat surat …',
    none: 'Belum ada surat dari kunjungan ini.',
    none_hint: 'Surat muncul di sini setelah dokter menerbitkannya. Halaman ini terbuka sampai 24 jam setelah kunjungan.',
    again: 'Lihat lagi',
    no_visit: 'Halaman ini dibuka dari tautan kunjungan Anda.',
    no_visit_hint: 'Buka dahulu tautan kunjungan dari pesan Anda, lalu pilih "Surat dari dokter".',
    open: 'Simpan PDF',
    open_name: 'Simpan PDF {kind} {number}',
    'revoked.mistake': 'Dicabut dokter karena isinya keliru: jangan dipakai.',
    'revoked.replaced': 'Dicabut dokter karena diganti surat lain: jangan dipakai.',
    'revoked.not_needed': 'Dicabut dokter karena tidak diperlukan lagi: jangan dipakai.',
    'revoked.other': 'Sudah dicabut dokter: jangan dipakai.',
    'revoked.medicine': 'Bila obatnya sudah Anda ambil, tanyakan dahulu kepada faskes sebelum meminumnya.',
    check: 'Siapa pun yang menerima surat ini dapat memeriksanya dengan kode di bagian bawah surat.',
    back: 'Kembali ke kunjungan',
    'kind.summary': 'Ringkasan kunjungan',
    'kind.prescription': 'Resep',
    'kind.referral': 'Surat rujukan',
    'kind.sick': 'Surat sakit',
} as const;
