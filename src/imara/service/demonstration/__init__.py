"""A site of made-up people, to look around in: a cast for every role, people in every state, one-click sign-ins."""
