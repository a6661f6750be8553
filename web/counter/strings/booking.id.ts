// SPDX-License-Identifier: Apache-2.0
// What the booking page's questions say to an officer, who books for somebody else: in the place of the words for
// patients. booking.en.ts must have the same keys.
import type { id } from '../../shared/strings/booking.id';

export const officerId = {
    service_title: 'Layanan apa yang diperlukan?',
    group_hint: 'Satu dokter dengan beberapa pasien sekaligus. Peserta lain hanya melihat nomornya.',
    group_first_name: 'Warga mau nama depannya terlihat oleh peserta lain',
    wait_offer: 'Masukkan ke daftar tunggu: warga diberi tahu lewat SMS begitu ada tempat pada hari-hari ini.',
    wait_join: 'Masukkan ke daftar tunggu',
    wait_how: 'Ini belum janji temu. Bila ada tempat, warga mendapat SMS dan memilih: ambil atau tidak.',
    wait_submit: 'Warga setuju, masukkan',
    held: 'Waktu ini disimpan sampai pukul {until}.',
    for_whom: 'Siapa yang mendampingi?',
    for_self: 'Tidak ada, pasien sendiri',
    for_parent: 'Orang tuanya',
    for_child: 'Anaknya',
    for_spouse: 'Suami atau istrinya',
    for_other: 'Keluarga lain atau wali',
    minor: 'Anak di bawah 18 tahun didampingi orang tua atau wali. Pada “Siapa yang mendampingi?” di atas, pilih “Orang tuanya” atau “Keluarga lain atau wali”.',
    contact_name: 'Nama lengkap pendamping',
    contact_name_hint: 'Mendampingi pasien dan menerima pesannya.',
    phone: 'Nomor HP warga',
    phone_contact: 'Nomor HP pendamping',
    review_details: 'data warga',
    review_private: 'Data warga hanya dipakai untuk merawatnya, dan hanya dibaca oleh yang merawatnya.',
    review_private_for: 'Data pasien hanya dipakai untuk merawatnya, dan hanya dibaca oleh yang merawatnya.',
    consent: 'Bacakan persetujuan di bawah dengan suara jelas. Daftarkan hanya bila warga setuju diperiksa lewat video.',
    consent_for: 'Bacakan persetujuan di bawah dengan suara jelas. Daftarkan hanya bila pendamping setuju, atas nama {name}, dengan pemeriksaan lewat video.',
    consent_read: 'Teks yang dibacakan',
    submit: 'Warga setuju, daftarkan',
} as const satisfies Partial<Record<keyof typeof id, string>>;
