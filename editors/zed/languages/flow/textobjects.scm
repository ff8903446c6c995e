(step body: (block) @function.inside) @function.around
(test body: (test_block) @function.inside) @function.around
(anytime body: (anytime_block) @function.inside) @function.around

(properties body: (property_block) @class.inside) @class.around
(declaration body: (settings) @class.inside) @class.around

(comment)+ @comment.around
(doc_comment)+ @comment.around
