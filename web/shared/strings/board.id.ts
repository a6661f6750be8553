// SPDX-License-Identifier: Apache-2.0
// The board in the lobby, in Indonesian. board.en.ts must have the same keys.
export const id = {
    title: 'Papan antrean',
    choose: 'Pilih poli untuk layar ini',
    loading: 'Membuka papan antrean …',
    unknown: 'Poli ini tidak dikenal. Pilih poli lain.',
    called: 'Dipanggil',
    in_call: 'Sedang konsultasi',
    nobody_called: 'Belum ada yang dipanggil',
    day_before: 'sejak kemarin',
    from_yesterday: 'Sejak kemarin',
    from_today: 'Hari ini',
    seen_first: 'Didahulukan',
    next: 'Berikutnya',
    nobody_waits: 'Tidak ada yang menunggu',
    more: 'dan {n} lagi',
    waiting: '{n} menunggu',
    urgent: 'Didahulukan karena gawat darurat hari ini: {n}',
    offline: 'Sambungan terputus. Angka di papan ini mungkin belum terbaru.',
} as const;
