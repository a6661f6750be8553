// SPDX-License-Identifier: Apache-2.0
#include "server/ops/certificate.h"

#include <gio/gio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { VALID_DAYS = 365, RENEW_DAYS = 7, DAY_S = 24 * 3600 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free)

static bool is_address(const char *name)
{
    return g_hostname_is_ip_address(name);
}

static bool add_extension(X509 *cert, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (!extension)
        return false;
    bool ok = X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static bool fill(X509 *cert, EVP_PKEY *key, const char *const *names)
{
    g_autoptr(GString) alternatives = g_string_new(NULL);
    for (; *names; names++) {
        g_string_append_printf(alternatives, "%s%s:%s", alternatives->len ? "," : "",
                               is_address(*names) ? "IP" : "DNS", *names);
    }
    uint64_t serial = ((uint64_t)g_random_int() << 31) | g_random_int();
    X509_NAME *subject = X509_get_subject_name(cert);
    return X509_set_version(cert, 2) &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial) &&
           X509_gmtime_adj(X509_getm_notBefore(cert), -DAY_S) &&
           X509_gmtime_adj(X509_getm_notAfter(cert), (long)VALID_DAYS * DAY_S) &&
           X509_set_pubkey(cert, key) &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                      (const unsigned char *)"Huyula demo", -1, -1, 0) &&
           X509_set_issuer_name(cert, subject) &&
           add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(cert, NID_key_usage, "critical,digitalSignature") &&
           add_extension(cert, NID_ext_key_usage, "serverAuth") &&
           add_extension(cert, NID_subject_alt_name, alternatives->str) &&
           X509_sign(cert, key, EVP_sha256()) > 0;
}

/* Writes what BIO holds to PATH with MODE, by way of a new file so that no reader sees half of it.
 */
static bool write_pem(BIO *pem, const char *path, int mode, GError **error)
{
    char *data = NULL;
    long size = BIO_get_mem_data(pem, &data);
    return g_file_set_contents_full(path, data, size, G_FILE_SET_CONTENTS_CONSISTENT, mode, error);
}

bool certificate_create(const char *cert_path, const char *key_path, const char *const *names,
                        GError **error)
{
    g_autoptr(EVP_PKEY) key = EVP_EC_gen("P-256");
    g_autoptr(X509) cert = X509_new();
    g_autoptr(BIO) cert_pem = BIO_new(BIO_s_mem());
    g_autoptr(BIO) key_pem = BIO_new(BIO_s_secmem());
    bool made = key && cert && cert_pem && key_pem && fill(cert, key, names) &&
                PEM_write_bio_X509(cert_pem, cert) == 1 &&
                PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (!made) {
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot make a certificate");
        return false;
    }
    return write_pem(key_pem, key_path, 0600, error) && write_pem(cert_pem, cert_path, 0644, error);
}

bool certificate_covers(const char *cert_path, const char *const *names)
{
    g_autoptr(BIO) file = BIO_new_file(cert_path, "r");
    g_autoptr(X509) cert = file ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    if (!cert)
        return false;
    time_t limit = time(NULL) + RENEW_DAYS * DAY_S;
    if (X509_cmp_time(X509_get0_notAfter(cert), &limit) <= 0)
        return false;
    for (; *names; names++) {
        int match = is_address(*names) ? X509_check_ip_asc(cert, *names, 0)
                                       : X509_check_host(cert, *names, strlen(*names), 0, NULL);
        if (match != 1)
            return false;
    }
    return true;
}

static X509 *load_certificate(const char *path, GError **error)
{
    g_autoptr(BIO) file = BIO_new_file(path, "r");
    X509 *cert = file ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    if (!file)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "cannot read %s", path);
    else if (!cert)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s holds no PEM certificate", path);
    ERR_clear_error();
    return cert;
}

/* Without it OpenSSL asks the terminal. */
static int no_password(char *password, int size, int is_writing, void *unused)
{
    (void)password;
    (void)size;
    (void)is_writing;
    (void)unused;
    return -1;
}

bool certificate_check(const char *cert_path, GError **error)
{
    g_autoptr(X509) cert = load_certificate(cert_path, error);
    return cert != NULL;
}

bool certificate_check_pair(const char *cert_path, const char *key_path, GError **error)
{
    g_autoptr(X509) cert = load_certificate(cert_path, error);
    if (!cert)
        return false;
    g_autoptr(BIO) file = BIO_new_file(key_path, "r");
    g_autoptr(EVP_PKEY) key = file ? PEM_read_bio_PrivateKey(file, NULL, no_password, NULL) : NULL;
    bool fits = key && X509_check_private_key(cert, key) == 1;
    ERR_clear_error();
    if (!file)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "cannot read %s", key_path);
    else if (!key)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "%s holds no PEM private key without a password", key_path);
    else if (!fits)
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "%s is not the key of the certificate %s", key_path, cert_path);
    return fits;
}
