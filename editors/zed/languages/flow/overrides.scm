(text) @string
(wildcard) @string
[(comment) (doc_comment)] @comment.inclusive
