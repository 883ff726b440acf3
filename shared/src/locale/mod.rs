//! Which language to speak, and the words to say.
