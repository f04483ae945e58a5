/* What the loader tells of itself: dladdr1(3), dlinfo(3), link maps, dl_iterate_phdr(3). */
#include <dlfcn.h>
#include <link.h>
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>

#include "libc-extensions.h"
#include "operations.h"

enum status describe_address(struct request *request, struct buffer *reply) {
  void *address = get_address(request);
  if (request->malformed) return STATUS_MALFORMED;
  Dl_info info = {0};
  const ElfW(Sym) *symbol = NULL;
  int found = libc_extensions.dladdr1 != NULL
                  ? libc_extensions.dladdr1(address, &info, (void **)&symbol, ADDRESS_INFO_SYMBOL)
                  : dladdr(address, &info);
  put_u8(reply, found != 0);
  if (!found) return STATUS_DONE;
  put_string(reply, info.dli_fname);
  put_address(reply, info.dli_fbase);
  put_u8(reply, info.dli_sname != NULL);
  if (info.dli_sname == NULL) return STATUS_DONE;
  put_string(reply, info.dli_sname);
  put_address(reply, info.dli_saddr);
  put_u64(reply, symbol == NULL ? 0 : symbol->st_size);
  put_u8(reply, symbol == NULL ? 0 : symbol->st_info);
  put_u8(reply, symbol == NULL ? 0 : symbol->st_other);
  return STATUS_DONE;
}

static void put_link_map_entry(struct buffer *reply, const struct link_map *entry) {
  put_string(reply, entry->l_name);
  put_u64(reply, entry->l_addr);
  put_address(reply, entry->l_ld);
}

static bool ask(void *handle, enum handle_info what, void *answer) {
  return libc_extensions.dlinfo != NULL && libc_extensions.dlinfo(handle, what, answer) >= 0;
}

static void put_optional_u64(struct buffer *reply, bool known, uint64_t value) {
  put_u8(reply, known);
  if (known) put_u64(reply, value);
}

static void put_search_path(struct buffer *reply, void *handle) {
  static struct buffer scratch;
  struct search_path sizes = {0};
  bool known = ask(handle, HANDLE_INFO_SEARCH_PATH_SIZE, &sizes) && buffer_reserve(&scratch, sizes.size);
  struct search_path *path = (struct search_path *)scratch.data;
  if (known) {
    path->size = sizes.size;
    path->count = sizes.count;
    known = ask(handle, HANDLE_INFO_SEARCH_PATH, path);
  }
  put_u8(reply, known);
  if (!known) return;
  put_u32(reply, path->count);
  for (unsigned index = 0; index < path->count; index++) put_string(reply, path->directories[index].name);
}

enum status describe_handle(struct request *request, struct buffer *reply) {
  void *handle = get_address(request);
  if (request->malformed) return STATUS_MALFORMED;
  struct link_map *link_map = NULL;
  dlerror();
  if (!ask(handle, HANDLE_INFO_LINK_MAP, &link_map)) {
    put_string(reply, libc_extensions.dlinfo == NULL ? "dlinfo" : dlerror());
    return libc_extensions.dlinfo == NULL ? STATUS_MISSING : STATUS_REFUSED;
  }
  put_link_map_entry(reply, link_map);
  long namespace_number = 0;
  bool known = ask(handle, HANDLE_INFO_NAMESPACE, &namespace_number);
  put_optional_u64(reply, known, (uint64_t)namespace_number);
  static char origin[4 * PATH_MAX];
  /* glibc does not know the origin of the program, nor its own, and reads from NULL (dlfcn/dlinfo.c). */
  bool is_program = link_map->l_name[0] == '\0';
  bool is_loader = link_map->l_addr == getauxval(AT_BASE) && link_map->l_addr != 0;
  known = !is_program && !is_loader && ask(handle, HANDLE_INFO_ORIGIN, origin);
  put_u8(reply, known);
  if (known) put_string(reply, origin);
  put_search_path(reply, handle);
  size_t module = 0;
  known = ask(handle, HANDLE_INFO_TLS_MODULE, &module);
  put_optional_u64(reply, known, module);
  void *data = NULL;
  known = ask(handle, HANDLE_INFO_TLS_DATA, &data);
  put_optional_u64(reply, known, (uint64_t)(uintptr_t)data);
  dlerror();
  return STATUS_DONE;
}

enum status list_link_map(struct request *request, struct buffer *reply) {
  void *handle = get_address(request);
  if (request->malformed) return STATUS_MALFORMED;
  void *program = handle == NULL ? dlopen(NULL, RTLD_LAZY) : NULL;
  struct link_map *entry = NULL;
  dlerror();
  bool known = ask(handle == NULL ? program : handle, HANDLE_INFO_LINK_MAP, &entry);
  if (!known) put_string(reply, libc_extensions.dlinfo == NULL ? "dlinfo" : dlerror());
  if (program != NULL) dlclose(program);
  if (!known) return libc_extensions.dlinfo == NULL ? STATUS_MISSING : STATUS_REFUSED;
  while (entry->l_prev != NULL) entry = entry->l_prev;
  size_t count_at = reply->size;
  uint32_t count = 0;
  put_u32(reply, 0);
  for (; entry != NULL; entry = entry->l_next, count++) put_link_map_entry(reply, entry);
  if (!reply->overflowed) memcpy(reply->data + count_at, &count, sizeof count);
  return STATUS_DONE;
}

struct image_list {
  struct buffer *reply;
  size_t header_at;
  uint32_t count;
  unsigned long long added;
  unsigned long long removed;
};

static int put_image(struct dl_phdr_info *info, size_t size, void *data) {
  struct image_list *list = data;
  struct buffer *reply = list->reply;
  list->count++;
  list->added = info->dlpi_adds;
  list->removed = info->dlpi_subs;
  put_string(reply, info->dlpi_name);
  put_u64(reply, info->dlpi_addr);
  bool has_tls = size > offsetof(struct dl_phdr_info, dlpi_tls_data);
  put_u64(reply, has_tls ? info->dlpi_tls_modid : 0);
  put_address(reply, has_tls ? info->dlpi_tls_data : NULL);
  put_u32(reply, info->dlpi_phnum);
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
    put_u32(reply, segment->p_type);
    put_u32(reply, segment->p_flags);
    put_u64(reply, segment->p_vaddr);
    put_u64(reply, segment->p_memsz);
  }
  return 0;
}

enum status list_images(struct request *request, struct buffer *reply) {
  (void)request;
  struct image_list list = {.reply = reply, .header_at = reply->size};
  put_u64(reply, 0);
  put_u64(reply, 0);
  put_u32(reply, 0);
  dl_iterate_phdr(put_image, &list);
  if (reply->overflowed) return STATUS_DONE;
  unsigned char *header = reply->data + list.header_at;
  memcpy(header, &list.added, 8);
  memcpy(header + 8, &list.removed, 8);
  memcpy(header + 16, &list.count, 4);
  return STATUS_DONE;
}
