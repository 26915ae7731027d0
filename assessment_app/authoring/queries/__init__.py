"""What can be seen of the vault: items and forms without their keys, and keys once an action opened them."""
