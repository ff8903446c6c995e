; What can be selected and moved between, by Helix's names.

(step body: (block) @function.inside) @function.around
(anytime body: (anytime_block) @function.inside) @function.around

(test body: (test_block) @test.inside) @test.around

(properties body: (property_block) @class.inside) @class.around
(declaration body: (settings) @class.inside) @class.around

(parameter) @parameter.inside
(arguments (expression) @parameter.inside)
(options (option) @parameter.inside)

(list (expression) @entry.inside)
(settings (line) @entry.inside)

(comment)+ @comment.around
(doc_comment)+ @comment.around
