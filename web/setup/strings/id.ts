// SPDX-License-Identifier: Apache-2.0
// What the first-start page says, in Indonesian. en.ts must have the same keys.
export const setupId = {
    title: 'Mulai memakai Huyula',
    intro: 'Server ini belum punya akun. Buat akun pengelola yang pertama; setelah itu Anda menyiapkan faskes, poli, dokter, dan jam praktik.',
    code: 'Kode penyiapan',
    code_hint: 'Terlihat di layar server ketika Huyula dinyalakan, misalnya K7QM-2XHD-9TRW.',
    name: 'Nama Anda',
    login: 'Nama pengguna',
    login_hint: 'Untuk masuk: 3 sampai 40 huruf kecil, angka, titik, tanda hubung (-), atau garis bawah (_).',
    login_wrong: 'Pakai 3 sampai 40 huruf kecil, angka, titik, tanda hubung (-), atau garis bawah (_), tanpa spasi.',
    password: 'Kata sandi',
    password_hint: 'Paling sedikit 10 karakter. Beberapa kata biasa berturut-turut mudah diingat.',
    password_wrong: 'Paling sedikit 10 karakter.',
    show_password: 'Tampilkan kata sandi',
    required: '{field} belum diisi.',
    submit: 'Buat akun dan lanjutkan',
    done_title: 'Server ini sudah disiapkan',
    done_text: 'Akun pengelola pertama sudah ada. Silakan masuk.',
    to_login: 'Masuk',
};
