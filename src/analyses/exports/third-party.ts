/** A library that others like to link in statically, and how its names are told. */
export interface ThirdParty {
  readonly name: string;
  /** The static archives that bring it: what --exclude-libs is told. */
  readonly archives: readonly string[];
  /** Sonames and file names of those who export these names by right. */
  readonly owners: RegExp;
  /** Names that stand together in every build of it and nowhere else; all have to be there. */
  readonly witnesses: readonly string[];
  /** What builds of it append to its names: the release. */
  readonly suffix?: RegExp;
  /** All names that belong to it. */
  readonly family: RegExp;
}

const CXX_RUNTIMES = /^lib(stdc\+\+|supc\+\+|c\+\+|cxxrt|[atlhm]w?[as]an\b)/;

/**
 * Static runtimes and common third-party archives. The witnesses are from the public interfaces that these
 * projects document; inline functions and template instances, which every user of a header has, are none.
 */
export const THIRD_PARTIES: readonly ThirdParty[] = [
  {
    name: 'libstdc++',
    archives: ['libstdc++.a'],
    owners: CXX_RUNTIMES,
    witnesses: ['_ZSt4cout', '_ZNSt8ios_base4InitC1Ev', '_ZSt20__throw_length_errorPKc'],
    family:
      /^(_txnal_|_ZGTt)|^_Z(N?K?St|N?K?Ss|TVSt|TISt|TSSt|TTSt|TVNSt|TINSt|TSNSt|N?K?9__gnu_cxx|TVN9__gnu_cxx)/,
  },
  {
    name: 'libc++',
    archives: ['libc++.a', 'libc++_static.a'],
    owners: CXX_RUNTIMES,
    witnesses: ['_ZNSt3__14coutE', '_ZNSt3__18ios_base4initEPv', '_ZNSt3__16localeC1Ev'],
    family: /^_Z[A-Z]*N?K?St3__1/,
  },
  {
    name: 'libc++ of the Android NDK',
    archives: ['libc++_static.a'],
    owners: CXX_RUNTIMES,
    witnesses: ['_ZNSt6__ndk14coutE', '_ZNSt6__ndk18ios_base4initEPv', '_ZNSt6__ndk16localeC1Ev'],
    family: /^_Z[A-Z]*N?K?St6__ndk1/,
  },
  {
    name: 'the C++ runtime (libsupc++ or libc++abi)',
    archives: ['libsupc++.a', 'libstdc++.a', 'libc++abi.a'],
    owners: CXX_RUNTIMES,
    witnesses: ['__cxa_throw', '__cxa_begin_catch', '__gxx_personality_v0'],
    family: /^(__cxa_|__gxx_personality_|__dynamic_cast$|_Z[A-Z]*N?K?10__cxxabiv1)/,
  },
  {
    name: 'the unwinder (libgcc_eh or libunwind)',
    archives: ['libgcc_eh.a', 'libunwind.a'],
    owners: /^lib(gcc_s|unwind|c\+\+|cxxrt|[atlhm]w?[as]an\b)/,
    witnesses: ['_Unwind_Resume', '_Unwind_RaiseException', '_Unwind_GetIP'],
    family: /^(_Unwind_|__(de)?register_frame|__gcc_personality_)/,
  },
  {
    name: 'decimal arithmetic of libgcc',
    archives: ['libgcc.a'],
    owners: /^lib(gcc_s|bid|dfp)\b/,
    witnesses: ['__bid128_add', '__bid64_to_bid128'],
    family: /^__bid/,
  },
  {
    name: 'zlib',
    archives: ['libz.a'],
    owners: /^libz(-ng|lib)?(?![a-z])/,
    witnesses: ['inflate', 'deflate', 'zlibVersion', 'inflateInit2_'],
    family:
      /^((inflate|deflate)([A-Z_].*)?|zlib[A-Z]\w*|(adler32|crc32)(_.*)?|(un)?compress2?|compressBound|gz[a-z0-9_]+|z_errmsg|zError|zcalloc|zcfree|_(tr|dist|length)_\w+|get_crc_table)$/,
  },
  {
    name: 'bzip2',
    archives: ['libbz2.a'],
    owners: /^libbz2/,
    witnesses: ['BZ2_bzCompress', 'BZ2_bzDecompress', 'BZ2_bzlibVersion'],
    family: /^BZ2_/,
  },
  {
    name: 'liblzma',
    archives: ['liblzma.a'],
    owners: /^liblzma/,
    witnesses: ['lzma_code', 'lzma_stream_decoder', 'lzma_version_number'],
    family: /^lzma_/,
  },
  {
    name: 'zstd',
    archives: ['libzstd.a'],
    owners: /^libzstd/,
    witnesses: ['ZSTD_compress', 'ZSTD_decompress', 'ZSTD_versionNumber'],
    family: /^(ZSTD|ZDICT|HUF|FSE)_/,
  },
  {
    name: 'lz4',
    archives: ['liblz4.a'],
    owners: /^liblz4/,
    witnesses: ['LZ4_compress_default', 'LZ4_decompress_safe', 'LZ4_versionNumber'],
    family: /^LZ4/,
  },
  {
    name: 'brotli',
    archives: ['libbrotlidec.a', 'libbrotlienc.a', 'libbrotlicommon.a'],
    owners: /^libbrotli/,
    witnesses: ['BrotliDecoderCreateInstance', 'BrotliDecoderDecompressStream', 'BrotliDecoderVersion'],
    family: /^_?Brotli/,
  },
  {
    name: 'OpenSSL libcrypto',
    archives: ['libcrypto.a'],
    owners: /^lib(crypto|boringssl|aws-lc|wolfssl)/,
    witnesses: ['EVP_CIPHER_CTX_new', 'EVP_EncryptInit_ex', 'BIO_new', 'ERR_get_error'],
    family:
      /^(EVP|BIO|ERR|ASN1|X509\w*|BN|RSA|DSA|DH|EC|ECDSA|EC_KEY|PEM|CRYPTO|OPENSSL|OSSL|HMAC|SHA\d*|MD5|AES|DES|RAND|PKCS\d+|CMS|OCSP|OBJ|UI|ENGINE|CONF|[di]2[di])_/,
  },
  {
    name: 'OpenSSL libssl',
    archives: ['libssl.a'],
    owners: /^lib(ssl|boringssl|aws-lc|wolfssl|gnutls-openssl)/,
    witnesses: ['SSL_new', 'SSL_connect', 'SSL_CTX_new', 'SSL_CTX_free'],
    family: /^(D?TLS|SSL)v?[\d_]/,
  },
  {
    name: 'mbed TLS',
    archives: ['libmbedtls.a', 'libmbedx509.a', 'libmbedcrypto.a'],
    owners: /^libmbed/,
    witnesses: ['mbedtls_ssl_init', 'mbedtls_ssl_handshake'],
    family: /^mbedtls_/,
  },
  {
    name: 'libcurl',
    archives: ['libcurl.a'],
    owners: /^libcurl/,
    witnesses: ['curl_easy_init', 'curl_easy_perform', 'curl_version'],
    family: /^[Cc]url_/,
  },
  {
    name: 'libpng',
    archives: ['libpng.a', 'libpng16.a'],
    owners: /^libpng/,
    witnesses: ['png_create_read_struct', 'png_read_info', 'png_set_sig_bytes'],
    family: /^png_/,
  },
  {
    name: 'libjpeg',
    archives: ['libjpeg.a'],
    owners: /^lib(turbo|moz)?jpeg/,
    witnesses: ['jpeg_CreateDecompress', 'jpeg_read_scanlines', 'jpeg_std_error'],
    family: /^(jpeg_|jinit_|jsimd_|jcopy_|jround_|jdiv_)/,
  },
  {
    name: 'libtiff',
    archives: ['libtiff.a'],
    owners: /^libtiff/,
    witnesses: ['TIFFOpen', 'TIFFReadScanline', 'TIFFGetVersion'],
    family: /^_?TIFF/,
  },
  {
    name: 'libwebp',
    archives: ['libwebp.a'],
    owners: /^libwebp/,
    witnesses: ['WebPGetInfo', 'WebPDecodeRGBA', 'WebPGetDecoderVersion'],
    family: /^(WebP|VP8)/,
  },
  {
    name: 'FreeType',
    archives: ['libfreetype.a'],
    owners: /^libfreetype/,
    witnesses: ['FT_Init_FreeType', 'FT_New_Face', 'FT_Load_Glyph'],
    family: /^FTC?_/,
  },
  {
    name: 'HarfBuzz',
    archives: ['libharfbuzz.a'],
    owners: /^libharfbuzz/,
    witnesses: ['hb_buffer_create', 'hb_shape', 'hb_version_string'],
    family: /^hb_/,
  },
  {
    name: 'expat',
    archives: ['libexpat.a'],
    owners: /^libexpatw?\b/,
    witnesses: ['XML_ParserCreate', 'XML_Parse', 'XML_ParserFree'],
    family: /^(XML_[A-Z]|Xml[A-Z]|_INTERNAL_)/,
  },
  {
    name: 'libxml2',
    archives: ['libxml2.a'],
    owners: /^libxml2/,
    witnesses: ['xmlReadMemory', 'xmlFreeDoc', 'xmlDocGetRootElement'],
    family: /^_*(xml|html)[A-Z]/,
  },
  {
    name: 'SQLite',
    archives: ['libsqlite3.a'],
    owners: /^(libsqlite3|sqlite3|libsqlcipher)/,
    witnesses: ['sqlite3_open', 'sqlite3_step', 'sqlite3_libversion'],
    family: /^sqlite3_?/,
  },
  {
    name: 'libffi',
    archives: ['libffi.a', 'libffi_pic.a'],
    owners: /^libffi/,
    witnesses: ['ffi_call', 'ffi_prep_cif', 'ffi_type_void'],
    family: /^ffi_/,
  },
  {
    name: 'PCRE2',
    archives: ['libpcre2-8.a'],
    owners: /^libpcre2/,
    witnesses: ['pcre2_compile_8', 'pcre2_match_8'],
    family: /^_?pcre2_/,
  },
  {
    name: 'GMP',
    archives: ['libgmp.a'],
    owners: /^lib(gmp|mpir)\b/,
    witnesses: ['__gmpz_init', '__gmpz_add', '__gmpn_add_n'],
    family: /^__gmp/,
  },
  {
    name: 'GLib',
    archives: ['libglib-2.0.a'],
    owners: /^libglib/,
    witnesses: ['g_malloc', 'g_hash_table_new', 'g_main_loop_new'],
    family: /^g_/,
  },
  {
    name: 'ICU',
    archives: ['libicuuc.a', 'libicui18n.a'],
    owners: /^libicu/,
    witnesses: ['ucnv_open', 'u_errorName', 'uloc_getDefault'],
    suffix: /_\d+$/,
    family: /^(u|ucnv|uloc|ubrk|ures|uset|unorm2?|utext|ubidi|uidna|ucal|ucol|udat|unum)_/,
  },
  {
    name: 'libuv',
    archives: ['libuv.a'],
    owners: /^libuv/,
    witnesses: ['uv_run', 'uv_loop_init', 'uv_version'],
    family: /^uv_/,
  },
  {
    name: 'libevent',
    archives: ['libevent.a'],
    owners: /^libevent/,
    witnesses: ['event_base_new', 'event_base_dispatch', 'event_get_version'],
    family: /^(event|evbuffer|bufferevent|evutil|evhttp)_/,
  },
  {
    name: 'Lua',
    archives: ['liblua.a'],
    owners: /^(lib)?lua/,
    witnesses: ['lua_newstate', 'lua_pcallk', 'luaL_newstate'],
    family: /^lua[L_]/,
  },
  {
    name: 'Protocol Buffers',
    archives: ['libprotobuf.a'],
    owners: /^libproto(buf|c)/,
    witnesses: ['_ZN6google8protobuf8internal13VerifyVersionEiiPKc'],
    family: /^_Z[A-Z]*N?K?6google8protobuf/,
  },
  {
    name: 'libiberty',
    archives: ['libiberty.a'],
    owners: /^libiberty/,
    witnesses: ['xmalloc_set_program_name', 'xmalloc_failed', 'htab_create_alloc', 'concat_copy'],
    family:
      /^(x(malloc|calloc|realloc|strdup|strndup|memdup|exit|strerror)\w*|htab_\w+|splay_tree_\w+|objalloc_\w+|cplus_\w+|ada_demangle|dlang_\w+|rust_demangle\w*|concat\w*|reconcat|d_demangle_\w+|hex_init|_hex_value|lbasename|iterative_hash|make_temp_file\w*|choose_tmpdir|buildargv|freeargv|dupargv|writeargv|expandargv)$/,
  },
  {
    name: 'Google Test',
    archives: ['libgtest.a'],
    owners: /^lib(gtest|gmock)/,
    witnesses: ['_ZN7testing14InitGoogleTestEPiPPc'],
    family: /^_Z[A-Z]*N?K?7testing/,
  },
];
