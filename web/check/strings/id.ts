// SPDX-License-Identifier: Apache-2.0
// What the letter check says, in Indonesian. This table is the pattern: en.ts must have the same keys.
export const checkId = {
    title: 'Periksa surat',
    checking: 'Memeriksa surat …',
    'valid.title': 'Surat ini sah',
    'valid.text': 'Diterbitkan oleh fasilitas di bawah ini, dan isinya tidak berubah. Cocokkan nomor, tanggal, dan inisial dengan surat di tangan Anda.',
    'revoked.title': 'Surat ini sudah dicabut',
    'revoked.text': 'Surat ini pernah diterbitkan, tetapi dicabut pada {when}. Surat ini tidak berlaku lagi.',
    'broken.title': 'Surat ini tidak sah',
    'broken.text': 'Berkas surat tidak sama dengan yang diterbitkan. Hubungi fasilitas yang tertulis di surat.',
    'unknown.title': 'Surat tidak ditemukan',
    'unknown.text': 'Kode ini bukan kode surat kami. Periksa alamatnya; bila dari kode di surat, surat itu bukan dari kami.',
    'fact.kind': 'Jenis surat',
    'fact.number': 'Nomor',
    'fact.date': 'Tanggal',
    'fact.facility': 'Diterbitkan oleh',
    'fact.patient': 'Inisial pasien',
    'kind.summary': 'Ringkasan kunjungan',
    'kind.prescription': 'Resep elektronik',
    'kind.referral': 'Surat rujukan',
    'kind.sick': 'Surat keterangan sakit',
    privacy: 'Halaman ini tidak menampilkan nama lengkap, diagnosis, atau isi surat.',
} as const;
