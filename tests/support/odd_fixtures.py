"""Fixtures of every kind that is asked for in its own way: they count calls, compare headers, break connections."""

from __future__ import annotations

from typing import Final

ODD_FIXTURES: Final = """\
schema: Customer
records:
- PersonalId: "1"
- PersonalId: "2"
  PersonalIdTypeId: 3
answers:
- name: third
  operation: getCustomer
  when: {id: "1", call: 3}
  reply: {status: 503}
- name: sequence
  operation: getCustomer
  when: {id: "5"}
  reply: {sequence: [{status: 500}, {delay: 60}, {fault: reset}]}
- name: once
  operation: getCustomer
  when: {id: "2"}
  times: 1
  reply: {status: 404}
- name: luck
  operation: getCustomer
  when: {id: "6"}
  reply: {status: 500, chance: 0.1}
- name: pattern
  operation: getCustomer
  when: {id: {matches: "z[0-9]+"}, headers: {X-Tenant: {matches: "a.*"}}}
  reply: {record: {FirstName: Zed}}
- name: tenant
  operation: getCustomer
  when: {headers: {X-Tenant: acme}}
  reply: {headers: {X-Extra: "1"}, delay: 50}
- name: empty
  operation: getCustomer
  when: {id: "67"}
  reply: {fault: reset, body: {Sex: 1}, status: 503}
- name: slow
  operation: getCustomer
  when: {id: "68"}
  reply: {fault: {dribble: 0.1}}
- name: odd
  operation: getCustomer
  when: {id: "69"}
  unchecked: true
  reply: {body: {Sex: 64}}
- name: moved
  operation: getCustomer
  when: {id: "70"}
  unchecked: true
  reply: {status: 302, headers: {Location: /API/Customers/1}}
"""

OVERLAID: Final = """\
schema: Customer
records:
- PersonalId: "1"
answers:
- name: nobody
  operation: getCustomer
  when: {id: "1"}
  reply: {status: 404}
- name: cut
  operation: getCustomer
  when: {id: "2"}
  reply: {status: 404, fault: close-mid-body}
"""
"""A record that no plain request gets, and a fault that its reply is too short for."""
