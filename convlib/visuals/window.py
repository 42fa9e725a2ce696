import anywidget
import traitlets


class WindowExplorer(anywidget.AnyWidget):
    _esm = "export default {render({model, el}) { el.textContent = 'window explorer ' + model.get('layer'); }}"
    _css = ""
    layer = traitlets.Unicode("Conv2D").tag(sync=True)
    input_size = traitlets.List([5, 5]).tag(sync=True)
    kernel_size = traitlets.List([3, 3]).tag(sync=True)
    strides = traitlets.List([1, 1]).tag(sync=True)
    dilation_rate = traitlets.List([1, 1]).tag(sync=True)
    padding = traitlets.Unicode("valid").tag(sync=True)
    input_values = traitlets.Unicode("counting").tag(sync=True)
    kernel_values = traitlets.Unicode("ones").tag(sync=True)
