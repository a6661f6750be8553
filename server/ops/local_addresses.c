// SPDX-License-Identifier: Apache-2.0
#include "server/ops/local_addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

void local_addresses_append(GPtrArray *addresses)
{
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) != 0)
        return;
    for (const struct ifaddrs *item = list; item; item = item->ifa_next) {
        bool is_usable = item->ifa_addr && item->ifa_addr->sa_family == AF_INET &&
                         (item->ifa_flags & IFF_UP) && !(item->ifa_flags & IFF_LOOPBACK);
        if (!is_usable)
            continue;
        struct sockaddr_in address;
        char text[INET_ADDRSTRLEN];
        memcpy(&address, item->ifa_addr, sizeof address);
        if (inet_ntop(AF_INET, &address.sin_addr, text, sizeof text))
            g_ptr_array_add(addresses, g_strdup(text));
    }
    freeifaddrs(list);
}

bool local_addresses_has_ipv6_loopback(void)
{
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) != 0)
        return false;
    bool has = false;
    for (const struct ifaddrs *item = list; item && !has; item = item->ifa_next)
        has = item->ifa_addr && item->ifa_addr->sa_family == AF_INET6 &&
              (item->ifa_flags & IFF_LOOPBACK) != 0;
    freeifaddrs(list);
    return has;
}
