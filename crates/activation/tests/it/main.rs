//! Target lists as a whole, through the public interface.

mod lists;
